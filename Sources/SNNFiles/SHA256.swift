import CCrypto

/// The SHA-256 digest (FIPS 180-4) of bytes that arrive piece by piece.
public final class SHA256 {
  private let context: OpaquePointer

  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto without SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  public func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }
  public func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// The digest of everything so far in lower-case hexadecimal; more may follow afterwards.
  public var hex: String {
    guard let copy = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
    defer { EVP_MD_CTX_free(copy) }
    EVP_MD_CTX_copy_ex(copy, context)
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(copy, &digest, nil)
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
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
