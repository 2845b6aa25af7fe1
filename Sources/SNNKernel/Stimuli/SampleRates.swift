import SNNSignals

/// Samples shown one after another: sample k from k·(shown + rest) on for `shown` ms, with nothing in the rest.
public final class SampleRates: Sendable {
  /// A byte per sample and train.
  private let bytes: [UInt8]
  private let trains: Int
  private let count: Int
  /// Hz of a byte of 1.
  private let scale: Double
  private let shown: Double
  private let period: Double

  /// - Parameters:
  ///   - maximum: rate (Hz) of a byte of 255.
  ///   - shown: ms.
  ///   - rest: ms.
  public init(bytes: [UInt8], trains: Int, maximum: Double, shown: Double, rest: Double) {
    precondition(bytes.count % trains == 0, "a byte per sample and train")
    self.bytes = bytes
    self.trains = trains
    count = bytes.count / trains
    scale = maximum / 255
    self.shown = shown
    period = shown + rest
  }

  /// The rate on the interval that ends at `time`.
  func value(_ train: Int, at time: Time) -> Double {
    let moment = time.milliseconds
    let sample = max(0, Int((moment / period).rounded(.up)) - 1)
    guard sample < count, moment - Double(sample) * period <= shown else { return 0 }
    return Double(bytes[sample * trains + train]) * scale
  }

  /// As ``Rate/next(_:after:exposure:)``.
  func next(_ train: Int, after time: Double, exposure: Double) -> Double? {
    var sample = Int(time / period)
    var now = time
    var left = exposure
    while sample < count {
      let begin = Double(sample) * period
      let end = begin + shown
      now = max(now, begin)
      let byte = bytes[sample * trains + train]
      if byte > 0 && now < end {
        let perMillisecond = Double(byte) * scale / 1000
        if now + left / perMillisecond <= end { return now + left / perMillisecond }
        left -= (end - now) * perMillisecond
      }
      sample += 1
    }
    return nil
  }
}
