import Testing

@testable import SNNSignals

@Suite struct JSONTreeTests {
  private func read(_ text: String) throws(JSONTree.Problem) -> JSONTree { try JSONTree(Array(text.utf8)) }

  @Test("Lines and columns count from 1, columns in characters and not in bytes") func positions() throws {
    let tree = try read("// überschrift\n{ \"größe\": [1,\n   \"µ\", 22],\n \"x\": null }")
    guard case .object(let members) = tree.root.content, case .array(let items) = members[0].value.content else {
      Issue.record("not an object with a list")
      return
    }
    #expect(tree.root.line == 2 && tree.root.column == 1)
    #expect(members[0].line == 2 && members[0].column == 3)
    #expect(items.map(\.line) == [2, 3, 3])
    #expect(items.map(\.column) == [13, 4, 9])
    #expect(members[1].line == 4 && members[1].column == 2)
  }

  @Test(
    "Numbers are read as the nearest double",
    arguments: [
      ("0", 0), ("-0.5", -0.5), ("0.1", 0.1), ("123456789.123", 123456789.123), ("1e22", 1e22), ("1E-7", 1e-7),
      ("9007199254740993.0", 9007199254740992), ("0.30000000000000004", 0.30000000000000004),
      ("179769313486231570e291", 1.7976931348623157e308), ("2.2250738585072014e-308", 2.2250738585072014e-308),
    ] as [(String, Double)])
  func numbers(_ text: String, _ value: Double) throws {
    #expect(try read(text).root.number == value)
  }

  @Test("Whole numbers beyond 2^53 keep every digit up to 2^64 - 1") func wholeNumbers() throws {
    guard case .whole(let n) = try read("18446744073709551615").root.content else {
      Issue.record("not a whole number")
      return
    }
    #expect(n == .max)
    #expect(try read("18446744073709551616").root.number == 0x1p64)
  }

  @Test("Escapes and surrogate pairs become their characters") func escapes() throws {
    guard case .string(let text) = try read(#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#).root.content else {
      Issue.record("not a string")
      return
    }
    #expect(text == "a\"\\/\u{8}\u{C}\n\r\té😀é")
  }

  @Test(
    "Text that is not JSON is refused",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":1,}", "[1 2]", "{\"a\" 1}", "{a:1}", "'a'", "01", "1.", ".5", "+1", "1e", "1e+", "--1",
      "0x10", "1_000",
      "NaN", "-Infinity", "tru", "nul", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u12\"", "\"a\nb\"", "\"a\tb\"",
      "1 /* c */", "/",
      "[1]]", "\u{0}", "1e999", "\"abc",
    ])
  func refused(_ text: String) {
    #expect(throws: JSONTree.Problem.self) { try read(text) }
  }

  @Test(
    "Bytes that are not UTF-8 are refused with their line and offset",
    arguments: [
      [0xFF], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80],
      [0xC3],
      [0xE2, 0x82], [0xF0, 0x9F, 0x98],
    ] as [[UInt8]])
  func notUTF8(_ bytes: [UInt8]) {
    let error = #expect(throws: JSONTree.Problem.self) { try JSONTree(Array("{\n \"µ".utf8) + bytes) }
    #expect(error?.line == 2)
    #expect(error?.column == 4)
    #expect(error?.problem.contains("offset 6") == true)
  }

  @Test("64 levels of nesting are allowed and 65 are not") func nesting() throws {
    _ = try read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
    #expect(throws: JSONTree.Problem.self) { try read(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)) }
  }

  @Test("Every duplicate key is reported, and the first value stays") func duplicateKeys() throws {
    let tree = try read(#"{ "a": 1, "b": { "c": 1, "c": 2 }, "a": 3 }"#)
    #expect(tree.problems.map(\.path) == ["b.c", "a"])
    guard case .object(let members) = tree.root.content else { return }
    #expect(members.map(\.key) == ["a", "b"])
    #expect(members[0].value.number == 1)
  }
}
