import SNNTestSupport
import Testing

@testable import SNNFiles

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples, https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
  @Test(
    "The published examples of SHA-256",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
  func published(_ text: String, _ digest: String) throws {
    #expect(SHA256.hex(of: Array(text.utf8)) == digest)
    let directory = try TemporaryDirectory()
    #expect(try SHA256.hex(ofFile: directory.write(text, to: "x")) == digest)
  }

  @Test("Pieces give the digest of the whole, and asking does not end it") func streams() {
    let hash = SHA256()
    hash.update(Array("a".utf8))
    _ = hash.hex
    hash.update(Array("bc".utf8))
    #expect(hash.hex == SHA256.hex(of: Array("abc".utf8)))
  }
}
