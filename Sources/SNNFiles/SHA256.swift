import CCrypto
import Foundation
import SNNSignals

/// The SHA-256 digest (FIPS 180-4) of bytes that arrive piece by piece.
public final class SHA256: Checkpointed {
  private var context = SHA256_CTX()

  public init() { SHA256_Init(&context) }

  public func update(_ bytes: UnsafeRawBufferPointer) { SHA256_Update(&context, bytes.baseAddress, bytes.count) }
  public func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// The digest of everything so far in lower-case hexadecimal; more may follow afterwards.
  public var hex: String {
    var copy = context
    var digest = [UInt8](repeating: 0, count: 32)
    SHA256_Final(&digest, &copy)
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  public func pass(through state: StateTransfer) throws {
    try withUnsafeMutableBytes(of: &context) { bytes in
      try state.buffer(bytes.bindMemory(to: UInt8.self).baseAddress!, count: bytes.count)
    }
    try state.require(context.num < 64 && context.md_len == 32, "has a digest that can't be")
  }

  public static func hex(of bytes: [UInt8]) -> String {
    let hash = SHA256()
    hash.update(bytes)
    return hash.hex
  }

  /// The digest of a file's bytes; of a folder, that of the names and digests of all files in it, in alphabetical order.
  public static func hex(ofFile path: String) throws -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return try hex(ofBytesIn: path)
    }
    let hash = SHA256()
    for name in try FileManager.default.subpathsOfDirectory(atPath: path).sorted() {
      var isFolder: ObjCBool = false
      FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
      if !isFolder.boolValue { hash.update(Array("\(name)\n\(try hex(ofBytesIn: "\(path)/\(name)"))\n".utf8)) }
    }
    return hash.hex
  }

  /// Read piece by piece.
  private static func hex(ofBytesIn path: String) throws -> String {
    let file = try FileReader(path: path)
    let hash = SHA256()
    var offset = 0
    while offset < file.size {
      let count = min(1 << 20, file.size - offset)
      hash.update(try file.bytes(at: offset, count: count))
      offset += count
    }
    return hash.hex
  }
}
