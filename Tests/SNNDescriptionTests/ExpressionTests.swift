import Foundation
import SNNSignals
import Testing

@testable import SNNDescription

/// Ours, not the macro type of Foundation.
private typealias Expression = SNNDescription.Expression

@Suite struct ExpressionTests {
  private func value(_ text: String) throws(Expression.Problem) -> Double {
    try Expression.value(of: text) { (name) throws(Expression.Problem) -> Double in
      guard let value = ["J": 0.1, "g": 5, "min": 3][name] else { throw Expression.Problem(text: "no \(name)") }
      return value
    }
  }

  @Test(
    "Expressions have the value that mathematics gives them",
    arguments: [
      ("-g * J", -0.5), ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("-2^2", -4), ("2^3^2", 512), ("2^-1", 0.5), ("10 - 4 - 3", 3),
      ("24 / 4 / 2", 3), ("--3", 3), ("2 * -3", -6), ("sqrt(16)", 4), ("exp(0)", 1), ("log(exp(2))", 2), ("abs(-3)", 3),
      ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3), ("floor(-1.5)", -2), ("ceil(1.2)", 2), ("round(2.5)", 3), ("pi", Double.pi),
      ("1e3 + .5", 1000.5), ("min", 3), ("((((1))))", 1),
    ] as [(String, Double)])
  func values(_ text: String, _ expected: Double) throws {
    #expect(abs(try value(text) - expected) <= 1e-15 * abs(expected))
  }

  @Test(
    "Expressions without a finite value are refused",
    arguments: [
      "", " ", "1 +", "* 2", "(1", "1)", "1 2", "2 ** 3", "1 / 0", "1 / (g - 5)", "exp(1000)", "log(0)", "sqrt(-1)", "(-1)^0.5",
      "no",
      "sin(1)", "sqrt(1, 2)", "min()", "1..2", "J.", "é", "1e999", String(repeating: "(", count: 5000),
      String(repeating: "2^", count: 5000) + "2",
    ])
  func refused(_ text: String) {
    #expect(throws: Expression.Problem.self) { try value(text) }
  }

  @Test("Expressions stand inside text: the number is filled in before the unit is read") func mixes() throws {
    let text = minimal(
      population:
        #"{ "model": "iaf_psc_delta", "size": "${n / 3 * 3}", "params": { "tau_m": "${2 * n} ${unit}", "C_m": "${c}" } }"#,
      more: #""parameters": { "n": "${3 + 4}", "unit": "us", "c": "0.25 nF" }"#)
    let network = try readNetwork(text)
    #expect(network.populations[0].size == 7)
    #expect(network.populations[0].params == ["tau_m": .number(0.014), "C_m": .number(250)])
  }

  @Test("Text that doubles itself through parameters is stopped before it fills the memory") func growth() {
    let doubling = (1..<40).map { "\"p\($0)\": \"${p\($0 - 1)}${p\($0 - 1)}\"" }.joined(separator: ", ")
    let errors = #expect(throws: DescriptionErrors.self) {
      try readNetwork(minimal(more: "\"parameters\": { \"p0\": \"abc\", \(doubling) }"))
    }
    #expect(errors?.errors.first?.problem.contains("longer than") == true)
  }

  @Test("A chain of thousands of parameters is an error, not a crash") func longChain() {
    let chain = (1..<5000).reversed().map { "\"p\($0)\": \"${p\($0 - 1)}\"" }.joined(separator: ", ")
    #expect(throws: DescriptionErrors.self) { try readNetwork(minimal(more: "\"parameters\": { \(chain), \"p0\": 1 }")) }
  }
}
