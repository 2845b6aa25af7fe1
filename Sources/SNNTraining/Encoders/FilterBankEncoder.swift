import Foundation
import SNNSignals

/// The envelopes of a bank of gammatone filters: a simple cochlea.
public struct FilterBankEncoder: Encoder {
  public static let name = "filter_bank"
  public static let summary = "Envelopes of gammatone filters, equally spaced on the scale of the ear, in frames."
  public static let equations = """
    z_1(n) = a z_1(n-1) + (1 - |a|) x(n), then the same three times with z_(k-1) for x;  envelope = 2|z_4|
    a = exp(2 pi (i f - 1.019 erb(f))/rate),  erb(f) = 24.7 + f/9.265 (Hz)
    frame = (mean of the envelope over it)^power, over the largest of the sample with `normalise`
    """
  public static let source =
    "Hohmann (2002), Acta Acustica 88, 433-442; spacing: Glasberg & Moore (1990), doi:10.1016/0378-5955(90)90170-T"
  public static let runsOnce = true

  public var bands = 40
  public var low = 100.0
  public var high = 3800.0
  public var frame = 10.0
  public var duration = 1000.0
  public var power = 0.3
  public var normalise = true
  public init() {}
  public static let parameters: [LearnerParameter<Self>] = [
    LearnerParameter("bands", \.bands, "number of filters", .range(1...4096)),
    LearnerParameter("low", \.low, "centre of the lowest filter", .positive, unit: .Hz),
    LearnerParameter("high", \.high, "centre of the highest filter", .positive, unit: .Hz),
    LearnerParameter("frame", \.frame, "length of a frame", .positive, unit: .ms),
    LearnerParameter(
      "duration", \.duration, "of all samples: longer ones are cut, shorter ones followed by silence", .positive, unit: .ms),
    LearnerParameter("power", \.power, "exponent of the compression", .positive),
    LearnerParameter("normalise", \.normalise, "whether the largest value of a sample becomes 1"),
  ]

  /// Steps of a sample.
  private var steps: Int { max(1, Int((duration / frame + 1e-9).rounded(.down))) }

  public func shape(of input: SampleShape) throws -> SampleShape {
    guard case .wave(let rate) = input else { throw misfit(input, hint: "it takes sound, such as that of a wav_dir") }
    guard low <= high, high < rate / 2 else {
      throw TrainingError(
        "filters from \(numberText(low)) to \(numberText(high)) Hz don't fit sound at \(numberText(rate)) Hz",
        hint: "low <= high < half of the rate", parameter: "encoder")
    }
    guard frame / 1000 * rate >= 1 else {
      throw TrainingError("a frame of \(numberText(frame)) ms is shorter than a sample of the sound", parameter: "encoder")
    }
    return .frames(steps: steps, features: bands)
  }

  /// Centre frequencies (Hz), equally spaced on the scale of equivalent rectangular bandwidths.
  var centres: [Double] {
    let scale = { (f: Double) in 9.265 * log(1 + f / (24.7 * 9.265)) }
    let (first, last) = (scale(low), scale(high))
    return (0..<bands).map { i in
      let place = bands == 1 ? first : first + (last - first) * Double(i) / Double(bands - 1)
      return 24.7 * 9.265 * (exp(place / 9.265) - 1)
    }
  }

  public func encode(_ sample: Sample, of input: SampleShape, _ draws: SampleDraws) -> Sample {
    guard case .wave(let wave) = sample, case .wave(let rate) = input else { return sample }
    let steps = steps
    var means = [Float](repeating: 0, count: steps * bands)
    for (lanes, first) in zip(filters(rate), stride(from: 0, to: bands, by: 8)) {
      var filter = lanes
      var start = 0
      for step in 0..<steps where start < wave.count {
        // Frames begin where their time says, so that a rate which is no multiple adds no drift.
        let end = Int(Double(step + 1) * frame / 1000 * rate)
        var sum = SIMD8<Float>(repeating: 0)
        for n in start..<min(end, wave.count) { sum += filter.envelope(wave[n]) }
        for lane in 0..<min(8, bands - first) { means[step * bands + first + lane] = sum[lane] / Float(max(1, end - start)) }
        start = end
      }
    }
    let exponent = Float(power)
    for i in means.indices { means[i] = pow(means[i], exponent) }
    if normalise, let largest = means.max(), largest > 0 { for i in means.indices { means[i] /= largest } }
    return .frames(Frames(means, steps: steps, features: bands))
  }

  /// The filters of all bands, eight at a time.
  private func filters(_ rate: Double) -> [GammatoneLanes] {
    let centres = centres
    return stride(from: 0, to: bands, by: 8).map { first in
      var (real, imaginary, gain) = (SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>())
      for lane in 0..<min(8, bands - first) {
        let f = centres[first + lane]
        let radius = exp(-2 * Double.pi * 1.019 * (24.7 + f / 9.265) / rate)
        real[lane] = Float(radius * cos(2 * Double.pi * f / rate))
        imaginary[lane] = Float(radius * sin(2 * Double.pi * f / rate))
        gain[lane] = Float(1 - radius)
      }
      return GammatoneLanes(real: real, imaginary: imaginary, gain: gain)
    }
  }
}

/// Eight complex gammatone filters of the fourth order.
private struct GammatoneLanes {
  let real, imaginary, gain: SIMD8<Float>
  private var r1 = SIMD8<Float>(), i1 = SIMD8<Float>(), r2 = SIMD8<Float>(), i2 = SIMD8<Float>()
  private var r3 = SIMD8<Float>(), i3 = SIMD8<Float>(), r4 = SIMD8<Float>(), i4 = SIMD8<Float>()

  init(real: SIMD8<Float>, imaginary: SIMD8<Float>, gain: SIMD8<Float>) {
    self.real = real
    self.imaginary = imaginary
    self.gain = gain
  }

  /// The envelopes after one more sample of the sound.
  @inline(__always)
  mutating func envelope(_ x: Float) -> SIMD8<Float> {
    let (a, b, gain) = (real, imaginary, gain)
    // One stage: z ← (a + ib) z + gain (x + iy).
    func step(_ r: inout SIMD8<Float>, _ i: inout SIMD8<Float>, _ x: SIMD8<Float>, _ y: SIMD8<Float>) {
      let turned = a * r - b * i + gain * x
      i = a * i + b * r + gain * y
      r = turned
    }
    step(&r1, &i1, SIMD8(repeating: x), SIMD8())
    step(&r2, &i2, r1, i1)
    step(&r3, &i3, r2, i2)
    step(&r4, &i4, r3, i3)
    return 2 * (r4 * r4 + i4 * i4).squareRoot()
  }
}
