/// Writes a zip archive of stored members one after the other; sizes need not be known before. Memory is flat.
///
/// Every date is 1 January 1980, so that equal content gives equal bytes. Each local header reserves room for 64-bit sizes, as
/// NumPy's own writer does, and is completed when its member ends.
final class ZipWriter {
  private struct Entry {
    var name: [UInt8]
    var offset: UInt64
    var checksum: UInt32 = 0
    var size: UInt64 = 0
  }
  private let file: AtomicFile
  private let output: OutputFile
  private var entries: [Entry] = []

  init(path: String) throws {
    file = AtomicFile(path: path)
    output = try OutputFile(path: file.temporaryPath, shownAs: path)
  }

  func begin(_ name: String) throws {
    try finishMember()
    let entry = Entry(name: Array(name.utf8), offset: UInt64(output.count))
    entries.append(entry)
    try output.write(Self.localHeader(entry))
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    let last = entries.count - 1
    entries[last].checksum = checksum(bytes, from: entries[last].checksum)
    entries[last].size += UInt64(bytes.count)
    try output.write(bytes)
  }
  func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  /// Writes the directory and gives the archive its name.
  func close() throws {
    try finishMember()
    let start = UInt64(output.count)
    for entry in entries { try output.write(Self.directoryEntry(entry)) }
    let size = UInt64(output.count) - start
    if entries.count > 0xFFFE || start + size > 0xFFFF_FFFE {
      let record = start + size
      try output.write(
        little(0x0606_4B50, 4) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8)
          + little(UInt64(entries.count), 8) + little(UInt64(entries.count), 8) + little(size, 8) + little(start, 8))
      try output.write(little(0x0706_4B50, 4) + little(0, 4) + little(record, 8) + little(1, 4))
    }
    let count = little(min(UInt64(entries.count), 0xFFFF), 2)
    try output.write(
      little(0x0605_4B50, 4) + little(0, 4) + count + count + little(min(size, 0xFFFF_FFFF), 4)
        + little(min(start, 0xFFFF_FFFF), 4) + little(0, 2))
    try output.close()
    try file.commit()
  }

  private func finishMember() throws {
    guard let entry = entries.last else { return }
    try output.patch(Self.localHeader(entry), at: Int(entry.offset))
  }

  private static let date = little(0, 2) + little(0x21, 2)
  /// Names are UTF-8.
  private static let flags: UInt64 = 0x800

  private static func localHeader(_ entry: Entry) -> [UInt8] {
    little(0x0403_4B50, 4) + little(45, 2) + little(flags, 2) + little(0, 2) + date + little(UInt64(entry.checksum), 4)
      + little(0xFFFF_FFFF, 4) + little(0xFFFF_FFFF, 4) + little(UInt64(entry.name.count), 2) + little(20, 2) + entry.name
      + little(1, 2) + little(16, 2) + little(entry.size, 8) + little(entry.size, 8)
  }

  private static func directoryEntry(_ entry: Entry) -> [UInt8] {
    var extra: [UInt8] = []
    if entry.size > 0xFFFF_FFFE { extra += little(entry.size, 8) + little(entry.size, 8) }
    if entry.offset > 0xFFFF_FFFE { extra += little(entry.offset, 8) }
    if !extra.isEmpty { extra = little(1, 2) + little(UInt64(extra.count), 2) + extra }
    let size = little(entry.size > 0xFFFF_FFFE ? 0xFFFF_FFFF : entry.size, 4)
    return little(0x0201_4B50, 4) + little(45, 2) + little(45, 2) + little(flags, 2) + little(0, 2) + date
      + little(UInt64(entry.checksum), 4) + size + size + little(UInt64(entry.name.count), 2) + little(UInt64(extra.count), 2)
      + little(0, 10) + little(entry.offset > 0xFFFF_FFFE ? 0xFFFF_FFFF : entry.offset, 4) + entry.name + extra
  }
}

/// The lowest `count` bytes of `value`, least significant first.
private func little(_ value: UInt64, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 < 8 ? value >> (8 * UInt64($0)) : 0) }
}
