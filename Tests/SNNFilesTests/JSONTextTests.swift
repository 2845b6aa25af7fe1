import Testing

@testable import SNNFiles

@Suite struct JSONTextTests {
  @Test("Keys keep their order, numbers their shortest form, and what is undefined is null") func writes() {
    let json: JSONText = ["b": 1, "a": [0.1, 1000, .number(.nan), .number(-.infinity), true, nil], "e": [], "q": "\"\\\n\u{1}é"]
    #expect(json.line == #"{"b": 1, "a": [0.1, 1000, null, null, true, null], "e": [], "q": "\"\\\n\u0001é"}"#)
    #expect((["a": [1, 2.5], "b": [:]] as JSONText).pretty == "{\n  \"a\": [\n    1,\n    2.5\n  ],\n  \"b\": {}\n}\n")
  }
}
