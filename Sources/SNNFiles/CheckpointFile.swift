import Foundation
import SNNSignals

/// A checkpoint on the disk: named sections, each with its checksum.
///
///     "snnsim-check/1\n" and a zero    sections, one after the other    directory    footer
///     directory   per section: length of its name UInt32, name (UTF-8), version UInt32, offset and size UInt64, CRC-32 UInt32
///     footer      offset and size of the directory UInt64, its CRC-32 and the number of sections UInt32, "SNNCEND1"
///
/// All numbers are little-endian. The footer comes last, so a file that was cut off anywhere has none.
public final class CheckpointFile: CheckpointSource, @unchecked Sendable {
  // @unchecked: everything is set in init and then only read.
  static let magic = Array("snnsim-check/1\n".utf8) + [0]
  static let ending = Array("SNNCEND1".utf8)
  static let footerSize = 32

  struct Section {
    var version: Int
    var offset: Int
    var size: Int
    var checksum: UInt32
  }

  public let path: String
  private let bytes: UnsafeRawBufferPointer
  private var sections: [String: Section] = [:]

  /// Looks at every byte: what is opened has the content that was written.
  public convenience init(path: String) throws { try self.init(path: path, verifies: true) }

  /// - Parameter verifies: whether checksums are looked at; tests of what stands behind them don't.
  package init(path: String, verifies: Bool) throws {
    self.path = path
    let size = try FileReader(path: path).size
    let descriptor = open(path, O_RDONLY)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard size >= Self.magic.count + Self.footerSize else { throw FileError.read(path, "is no checkpoint, or a truncated one") }
    guard descriptor >= 0, let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else {
      throw FileError.system(.read, path, "read")
    }
    bytes = UnsafeRawBufferPointer(start: memory, count: size)
    guard bytes.prefix(Self.magic.count).elementsEqual(Self.magic) else { throw FileError.read(path, "is no checkpoint") }
    try readDirectory(verifies)
    for (name, section) in sections where verifies {
      let content = UnsafeRawBufferPointer(rebasing: bytes[section.offset..<section.offset + section.size])
      guard checksum(content) == section.checksum else {
        throw FileError.read(path, "is corrupt: section \"\(name)\" has the wrong checksum")
      }
    }
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count) }

  public func section(_ name: String) throws -> (version: Int, bytes: UnsafeRawBufferPointer) {
    guard let found = sections[name] else { throw CheckpointError(section: name, "is not in \(path)") }
    return (found.version, UnsafeRawBufferPointer(rebasing: bytes[found.offset..<found.offset + found.size]))
  }

  public var sectionNames: [String] { sections.keys.sorted() }

  private func readDirectory(_ verifies: Bool) throws {
    let footer = bytes.count - Self.footerSize
    guard bytes.suffix(Self.ending.count).elementsEqual(Self.ending) else { throw FileError.read(path, "is truncated") }
    let (start, size) = (number(footer, 8), number(footer + 8, 8))
    guard start >= Self.magic.count, size >= 0, start <= footer, size == footer - start,
      !verifies || checksum(UnsafeRawBufferPointer(rebasing: bytes[start..<footer])) == UInt32(number(footer + 16, 4))
    else { throw FileError.read(path, "is corrupt: its directory has the wrong checksum") }
    var at = start
    let corrupt = FileError.read(path, "is corrupt: its directory names what is not there")
    for _ in 0..<number(footer + 20, 4) {
      guard footer - at >= 4, case let length = number(at, 4), length <= footer - at - 28 else { throw corrupt }
      let name = String(decoding: bytes[at + 4..<at + 4 + length], as: UTF8.self)
      at += 4 + length
      let section = Section(
        version: number(at, 4), offset: number(at + 4, 8), size: number(at + 12, 8), checksum: UInt32(number(at + 20, 4)))
      at += 24
      guard section.offset >= Self.magic.count, section.size >= 0, section.offset <= start,
        section.size <= start - section.offset, sections.updateValue(section, forKey: name) == nil
      else { throw corrupt }
    }
    guard at == footer else { throw corrupt }
  }

  /// A number of so many bytes; one that no `Int` holds is negative.
  private func number(_ offset: Int, _ count: Int) -> Int {
    Int(truncatingIfNeeded: (0..<count).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) })
  }
}

/// Writes a ``CheckpointFile`` from start to end, in flat memory.
final class CheckpointWriter: CheckpointSink {
  let file: AtomicFile
  private let output: OutputFile
  private var sections: [(name: String, section: CheckpointFile.Section)] = []

  init(path: String) throws {
    file = AtomicFile(path: path)
    output = try OutputFile(path: file.temporaryPath, shownAs: path)
    try output.write(CheckpointFile.magic)
  }

  func begin(_ section: String, version: Int) throws {
    precondition(!sections.contains { $0.name == section }, "two sections are called \(section)")
    sections.append((section, CheckpointFile.Section(version: version, offset: output.count, size: 0, checksum: 0)))
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    let last = sections.count - 1
    sections[last].section.checksum = checksum(bytes, from: sections[last].section.checksum)
    sections[last].section.size += bytes.count
    try output.write(bytes)
  }

  /// Completes the file under its temporary name.
  func close() throws {
    var directory: [UInt8] = []
    for (name, section) in sections {
      directory += little(name.utf8.count, 4) + Array(name.utf8) + little(section.version, 4) + little(section.offset, 8)
      directory += little(section.size, 8) + little(Int(section.checksum), 4)
    }
    let start = output.count
    try output.write(directory)
    try output.write(
      little(start, 8) + little(directory.count, 8) + little(Int(checksum(directory)), 4) + little(sections.count, 4)
        + CheckpointFile.ending)
    try output.close()
  }

  private func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: UInt64(value) >> (8 * UInt64($0))) }
  }
}
