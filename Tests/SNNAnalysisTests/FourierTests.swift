import Foundation
import SNNAnalysis
import SNNSignals
import Testing

@Suite("Fourier transform and spectrum") struct FourierTests {
  /// Standard normal noise.
  private func noise(_ n: Int) -> [Double] {
    let stream = RandomStream(seed: 3, purpose: .noise, entity: 1)
    return (0..<n).map { stream.normal(index: UInt64($0), draw: 0) }
  }

  @Test("Every length gives the sum of its definition", arguments: [1, 2, 3, 7, 16, 60, 97, 128, 222])
  func matchesDefinition(_ n: Int) {
    let x = noise(n)
    let fast = Fourier.transform(x)
    for k in 0..<n {
      let phase = (0..<n).map { -2 * Double.pi * Double($0 * k % n) / Double(n) }
      let re = zip(x, phase).reduce(0) { $0 + $1.0 * cos($1.1) }
      let im = zip(x, phase).reduce(0) { $0 + $1.0 * sin($1.1) }
      // Rounding grows with √n log n of unit numbers: 1e-12 is a hundred times that.
      #expect(abs(fast.real[k] - re) < 1e-12 && abs(fast.imaginary[k] - im) < 1e-12)
    }
  }

  @Test("The power of a spectrum is the power of its signal (Parseval)", arguments: [64, 100, 333])
  func parseval(_ n: Int) {
    let x = noise(n)
    let inTime = x.reduce(0) { $0 + $1 * $1 }
    let inFrequency = Fourier.transform(x).power.reduce(0, +) / Double(n)
    #expect(abs(inTime - inFrequency) < 1e-12 * inTime)
  }

  @Test("The spectrum of a sine peaks at its frequency, and holds its power") func sine() throws {
    // 40 Hz at 1 kHz for 4.5 s: segments of exactly 1 s, so 40 Hz is one of the frequencies.
    let signal = (0..<4500).map { 3 + 2 * sin(2 * Double.pi * 40 * Double($0) / 1000) }
    let spectrum = try #require(Statistics.welch(signal, samplingRate: 1000))
    #expect(spectrum.peak?.frequency == 40)
    let step = spectrum.frequencies[1]
    #expect(step == 1)
    // A sine of amplitude 2 has the power 2; a Hann window keeps it within its three bins.
    #expect(abs(spectrum.density.reduce(0, +) * step - 2) < 1e-9)
  }
}
