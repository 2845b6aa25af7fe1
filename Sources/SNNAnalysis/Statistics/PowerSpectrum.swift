import Foundation

/// A one-sided power spectral density.
public struct PowerSpectrum: Sendable {
  /// Hz.
  public var frequencies: [Double]
  /// Power per Hz: of a rate in Hz, Hz²/Hz.
  public var density: [Double]

  /// The frequency with the largest density, the constant part (0 Hz) left out. `nil` when there is no power.
  public var peak: (frequency: Double, density: Double)? {
    guard let k = density.indices.dropFirst().max(by: { density[$0] < density[$1] }), density[k] > 0 else { return nil }
    return (frequencies[k], density[k])
  }
}

extension Statistics {
  /// Welch's power spectral density of a signal sampled at `samplingRate` Hz.
  ///
  /// Elephant's `welch_psd` with its defaults: 8 segments that overlap by half, Hann window (periodic), the mean of each segment
  /// removed, density scaling, averaged over segments. Welch (1967), doi:10.1109/TAU.1967.1161901.
  /// `nil` when the signal is shorter than two samples a segment.
  public static func welch(_ signal: [Double], samplingRate: Double, segments: Int = 8) -> PowerSpectrum? {
    let length = Int(Double(signal.count) / (Double(segments) - 0.5 * Double(segments - 1)))
    guard segments > 0, length >= 2 else { return nil }
    let hop = length - length / 2
    let window = (0..<length).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(length)) }
    let scale = 1 / (samplingRate * window.reduce(0) { $0 + $1 * $1 })
    let bins = length / 2 + 1
    let starts = Array(stride(from: 0, through: signal.count - length, by: hop))
    var density = [Double](repeating: 0, count: bins)
    for start in starts {
      let segment = Array(signal[start..<start + length])
      let m = mean(segment)
      let power = Fourier.transform(zip(segment, window).map { ($0 - m) * $1 }).power
      for k in 0..<bins { density[k] += power[k] }
    }
    for k in 0..<bins {
      let twoSided = k == 0 || (length % 2 == 0 && k == bins - 1)
      density[k] *= scale * (twoSided ? 1 : 2) / Double(starts.count)
    }
    return PowerSpectrum(frequencies: (0..<bins).map { Double($0) * samplingRate / Double(length) }, density: density)
  }
}
