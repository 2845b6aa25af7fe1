import Foundation
import SNNSignals

/// The rate of Poisson trains, in Hz.
public enum Rate: Sendable {
  case constant(Double)
  /// One per train.
  case each([Double])
  /// Piecewise constant: `values[i]` from `times[i]` on; 0 before the first. Times ascend strictly.
  case series(times: [Time], values: [Double])
  /// Changed while the run goes on; only for drives on the grid.
  case live(LiveValue)

  /// The rate of train `index` just before or at `time` (the value that holds on the interval ending there).
  func value(_ index: Int, at time: Time) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .each(let rates): return rates[index]
    case .live(let rate): return rate.value(before: time)
    case .series(let times, let values):
      // The last change strictly before `time`: the interval that ends at `time` has its rate.
      var low = 0
      var high = times.count
      while low < high {
        let middle = (low + high) / 2
        if times[middle] < time { low = middle + 1 } else { high = middle }
      }
      return low == 0 ? 0 : values[low - 1]
    }
  }

  /// When train `index`, having spent `exposure` (a unit-exponential number) since `time`, fires next, or nil if never.
  ///
  /// Inverts the integrated rate, segment by segment: exact for piecewise constant rates.
  func next(_ index: Int, after time: Double, exposure: Double) -> Double? {
    switch self {
    case .live: preconditionFailure("a gap of a train whose rate is not known yet")
    case .constant, .each:
      let perMillisecond = value(index, at: .zero) / 1000
      return perMillisecond > 0 ? time + exposure / perMillisecond : nil
    case .series(let times, let values):
      var now = time
      var left = exposure
      var segment = times.lastIndex { $0.milliseconds <= now } ?? -1
      while true {
        let end = segment + 1 < times.count ? times[segment + 1].milliseconds : .infinity
        let perMillisecond = segment < 0 ? 0 : values[segment] / 1000
        if perMillisecond > 0, now + left / perMillisecond <= end { return now + left / perMillisecond }
        if end == .infinity { return nil }
        left -= (end - now) * perMillisecond
        now = end
        segment += 1
      }
    }
  }
}
