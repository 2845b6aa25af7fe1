import Foundation
import SNNSignals
import Testing

@testable import SNNTraining

/// A tone against the closed form of a gammatone filter's gain.
@Suite struct FilterBankTests {
  private func frames(_ bank: FilterBankEncoder, tone f: Double, rate: Double = 8000, seconds: Double = 1) throws -> Batch {
    let wave = (0..<Int(seconds * rate)).map { Float(0.5 * sin(2 * Double.pi * f * Double($0) / rate)) }
    let set = Dataset(
      name: "w", LabelledSamples(.waves([wave], rate: rate), steps: 0, features: 1, labels: [0], classNames: ["a", "b"]))
    return try encoded([bank], set)
  }

  @Test("Centres stand at equal distances on the scale of Glasberg & Moore") func centres() {
    let centres = FilterBankEncoder().centres
    #expect(abs(centres[0] - 100) < 1e-9 && abs(centres[39] - 3800) < 1e-6)
    let places = centres.map { 21.4 * log10(1 + 0.00437 * $0) }
    let steps = (1..<40).map { places[$0] - places[$0 - 1] }
    // 1/(24.7 · 9.265) is 0.00437 to three digits.
    for step in steps { #expect(abs(step - steps[0]) < 2e-3 * steps[0]) }
  }

  @Test("A tone comes out with the gain that the transfer function has at its frequency", arguments: [300.0, 1000, 2500])
  func gain(_ f: Double) throws {
    var bank = FilterBankEncoder()
    (bank.power, bank.normalise, bank.bands) = (1, false, 20)
    let batch = try frames(bank, tone: f)
    #expect(batch.steps == 100 && batch.features == 20)
    for (band, centre) in bank.centres.enumerated() {
      let radius = exp(-2 * Double.pi * 1.019 * (24.7 + centre / 9.265) / 8000)
      // |(1 − r)/(1 − r exp(i turn))|⁴ times the amplitude. A real tone has an image at −f, which beats with it.
      func gain(at f: Double) -> Double {
        let squared = 1 - 2 * radius * cos(2 * Double.pi * (f - centre) / 8000) + radius * radius
        return 0.5 * pow((1 - radius) / squared.squareRoot(), 4)
      }
      let late = (80..<100).map { Double(batch.inputs[$0 * 20 + band]) }.reduce(0, +) / 20
      #expect(abs(late - gain(at: f)) < 0.01 * gain(at: f) + gain(at: -f) + 1e-6, "\(centre) Hz")
    }
  }

  @Test("Silence follows a sound that is shorter than the frames, and the largest value is 1") func padding() throws {
    let batch = try frames(FilterBankEncoder(), tone: 800, seconds: 0.2)
    #expect(batch.steps == 100)
    #expect(batch.inputs[(20 * 40)...].allSatisfy { $0 == 0 })
    #expect(batch.inputs.max() == 1 && batch.inputs.min() == 0)
  }
}
