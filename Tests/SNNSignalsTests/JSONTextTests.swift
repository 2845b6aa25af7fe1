import SNNSignals
import Testing

@Suite struct JSONTextTests {
  @Test("Keys keep their order, numbers their shortest form, and what is undefined is null") func writes() {
    let json: JSONText = [
      "b": 1, "a": [0.1, 1000.0, 1e300, .number(.nan), .number(-.infinity), true, nil], "e": [], "q": "\"\\\n\u{1}é",
    ]
    #expect(json.line == #"{"b": 1, "a": [0.1, 1000, 1e+300, null, null, true, null], "e": [], "q": "\"\\\n\u0001é"}"#)
  }

  @Test("Indented text keeps lists of scalars on one line") func indents() {
    let json: JSONText = ["a": [1, 2.5], "b": [:], "c": ["d": [["e": []], [1], 2]]]
    #expect(
      json.pretty == """
        {
          "a": [1, 2.5],
          "b": {},
          "c": {
            "d": [
              {
                "e": []
              },
              [1],
              2
            ]
          }
        }

        """)
  }
}
