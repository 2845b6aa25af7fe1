import CZlib

/// The members of a zip archive: stored or deflated, with 64-bit sizes where needed.
///
/// Layout: PKWARE APPNOTE 6.3.10, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
final class ZipReader {
  struct Member {
    var name: String
    var method: Int
    var checksum: UInt32
    var packedSize: Int
    var size: Int
    var offset: Int
  }
  let members: [Member]
  private let file: FileReader

  init(path: String) throws {
    file = try FileReader(path: path)
    let tailStart = max(0, file.size - 65_557)
    let tail = try file.bytes(at: tailStart, count: file.size - tailStart)
    guard let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: { little(tail, $0, 4) == 0x0605_4B50 }) else {
      let first = file.size >= 4 ? little(try file.bytes(at: 0, count: 4), 0, 4) : 0
      throw FileError.read(
        path, first == 0x0403_4B50 ? "is truncated: the directory of the archive is missing" : "is not a zip (npz) archive")
    }
    var count = little(tail, end + 10, 2)
    var size = little(tail, end + 12, 4)
    var offset = little(tail, end + 16, 4)
    if end >= 20, little(tail, end - 20, 4) == 0x0706_4B50 {
      let record = try file.bytes(at: Self.checked(little(tail, end - 12, 8), path), count: 56)
      guard little(record, 0, 4) == 0x0606_4B50 else { throw FileError.read(path, "is corrupt: its 64-bit directory is missing") }
      count = little(record, 32, 8)
      size = little(record, 40, 8)
      offset = little(record, 48, 8)
    }
    let directory = try file.bytes(at: Self.checked(offset, path), count: Self.checked(size, path))
    var members: [Member] = []
    var position = 0
    for _ in 0..<count {
      guard let (member, next) = try Self.member(directory, position, path) else {
        throw FileError.read(path, "is corrupt: its directory is damaged")
      }
      members.append(member)
      position = next
    }
    self.members = members
  }

  var path: String { file.path }

  func bytes(of member: Member) throws -> [UInt8] {
    let header = try file.bytes(at: member.offset, count: 30)
    guard little(header, 0, 4) == 0x0403_4B50 else {
      throw FileError.read(path, "is corrupt: member \(member.name) is not where the directory says")
    }
    let start = member.offset + 30 + Int(little(header, 26, 2)) + Int(little(header, 28, 2))
    let packed = try file.bytes(at: start, count: member.packedSize)
    let shown = "\(path): \(member.name)"
    let bytes: [UInt8]
    switch member.method {
    case 0 where member.size == member.packedSize: bytes = packed
    case 8: bytes = try inflate(packed, format: .raw, expected: member.size, path: shown)
    default: throw FileError.read(shown, "is compressed with method \(member.method), which is not read")
    }
    guard checksum(bytes) == member.checksum else { throw FileError.read(shown, "is corrupt: wrong checksum") }
    return bytes
  }

  /// A size or offset that a file states, as an index: absurd ones become an error, not a trap.
  private static func checked(_ value: UInt64, _ path: String) throws -> Int {
    guard let index = Int(exactly: value), index < 1 << 56 else {
      throw FileError.read(path, "is corrupt: impossible offset \(value)")
    }
    return index
  }

  private static func member(_ directory: [UInt8], _ at: Int, _ path: String) throws -> (Member, Int)? {
    guard at + 46 <= directory.count, little(directory, at, 4) == 0x0201_4B50 else { return nil }
    let nameLength = Int(little(directory, at + 28, 2))
    let extraLength = Int(little(directory, at + 30, 2))
    let next = at + 46 + nameLength + extraLength + Int(little(directory, at + 32, 2))
    guard next <= directory.count else { return nil }
    var sizes = [little(directory, at + 24, 4), little(directory, at + 20, 4), little(directory, at + 42, 4)]
    var extra = at + 46 + nameLength
    let extraEnd = extra + extraLength
    while extra + 4 <= extraEnd {
      let length = Int(little(directory, extra + 2, 2))
      guard extra + 4 + length <= extraEnd else { return nil }
      if little(directory, extra, 2) == 1 {
        var field = extra + 4
        for i in sizes.indices where sizes[i] == 0xFFFF_FFFF && field + 8 <= extra + 4 + length {
          sizes[i] = little(directory, field, 8)
          field += 8
        }
      }
      extra += 4 + length
    }
    let name = String(decoding: directory[(at + 46)..<(at + 46 + nameLength)], as: UTF8.self)
    let member = Member(
      name: name, method: Int(little(directory, at + 10, 2)), checksum: UInt32(little(directory, at + 16, 4)),
      packedSize: try checked(sizes[1], path), size: try checked(sizes[0], path), offset: try checked(sizes[2], path))
    return (member, next)
  }
}

/// The `count`-byte little-endian number at `offset`; the caller has checked that it is there.
private func little(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
  (0..<count).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
}

/// CRC-32 of `bytes`, continued from `start`.
func checksum(_ bytes: UnsafeRawBufferPointer, from start: UInt32 = 0) -> UInt32 {
  UInt32(truncatingIfNeeded: crc32_z(UInt(start), bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
}
func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { checksum($0) } }
