import Foundation
import SNNDynamics
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNModels

/// Against the system's functions, which are right to one unit in the last place.
@Suite struct LanesExpTests {
  @Test("e^x of lanes lies within two units in the last place of the system's, over the whole range")
  func exponential() {
    var random = RandomStream(seed: 3, purpose: .parameter, entity: 2).sequence()
    for trial in 0..<20_000 {
      let x = trial % 2 == 0 ? -708 + 1417 * random() : 2 * random() - 1
      let expected = exp(x)
      #expect(abs(Lanes(repeating: x).exponential()[0] - expected) <= 2 * expected.ulp, "\(x)")
    }
    #expect(Lanes().exponential() == Lanes(repeating: 1))
    #expect(Lanes(repeating: -1e9).exponential() == Lanes(repeating: -708).exponential())
    #expect(Lanes(repeating: 1e9).exponential()[0].isFinite)
    #expect(Lanes(repeating: .nan).exponential()[0].isNaN)
  }

  @Test("ln x of lanes lies within two units in the last place of the system's, or of 1 near 1, over the whole range")
  func logarithm() {
    var random = RandomStream(seed: 3, purpose: .parameter, entity: 3).sequence()
    for trial in 0..<20_000 {
      let x = trial % 2 == 0 ? exp(-708 + 1417 * random()) : 0.5 + 1.5 * random()
      let expected = log(x)
      #expect(abs(Lanes(repeating: x).logarithm()[0] - expected) <= 2 * max(1, abs(expected)).ulp, "\(x)")
    }
    #expect(Lanes(repeating: 1).logarithm() == Lanes())
  }

  @Test("Inverse roots of lanes agree with the system's pow to 1e-14", arguments: [2, 5, 6])
  func inverseRoot(_ n: Int) {
    for k in -300...300 {
      let x = 1.7 * pow(10, Double(k) * 0.02)
      let expected = pow(x, -1 / Double(n))
      #expect(abs(Lanes(repeating: x).inverseRoot(n)[0] - expected) <= 1e-14 * expected, "\(x)")
    }
  }
}
