import CCrypto
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

  /// The digest of a file's bytes, read piece by piece.
  public static func hex(ofFile path: String) throws -> String {
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
