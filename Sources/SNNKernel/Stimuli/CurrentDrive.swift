import Foundation
import SNNSignals

/// A current injected into neurons of a population, piecewise constant: it changes at any moment on the exact engine, on the
/// grid at the first step that begins at or after it.
public struct CurrentDrive: Sendable {
  public enum Waveform: Sendable {
    /// pA.
    case constant(Double)
    /// Changed while the run goes on.
    case live(LiveValue)
    /// `values[i]` from `times[i]` on; 0 before the first.
    case steps(times: [Time], values: [Double])
    /// offset + amplitude sin(2π f t + phase): pA, pA, Hz, rad.
    case sine(amplitude: Double, offset: Double, frequency: Double, phase: Double)
    /// Gaussian, a new value every `interval`, independent for each neuron.
    case noise(mean: Double, sd: Double, interval: Time, stream: RandomStream)
  }
  public var waveform: Waveform
  /// A factor, one for all or one per neuron of the population (the `amplitude` of `dc` may be a list).
  public var factors: [Double]
  public var delay: Time
  /// On during [start, stop).
  public var start: Time
  public var stop: Time
  public var members: Set<UInt32>?

  public init(
    waveform: Waveform, factors: [Double], delay: Time, start: Time, stop: Time, members: Set<UInt32>?
  ) {
    self.waveform = waveform
    self.factors = factors
    self.delay = delay
    self.start = start
    self.stop = stop
    self.members = members
  }

  func drives(_ neuron: Int) -> Bool { members?.contains(UInt32(neuron)) ?? true }
  @inline(__always) func factor(_ neuron: Int) -> Double { factors.count == 1 ? factors[0] : factors[neuron] }

  /// Whether each neuron has a value of its own at the same moment beyond its factor.
  var isPrivate: Bool { if case .noise = waveform { true } else { false } }

  /// The current in pA (before the factor) that `neuron` feels during the step that begins at `time`.
  func value(_ time: Time, neuron: Int) -> Double {
    let emitted = time - delay
    guard emitted >= start, emitted < stop else { return 0 }
    switch waveform {
    case .constant(let amplitude): return amplitude
    case .live(let amplitude): return amplitude.value(at: emitted)
    case .steps(let times, let values):
      let place = Self.place(of: emitted, in: times)
      return place == 0 ? 0 : values[place - 1]
    case .sine(let amplitude, let offset, let frequency, let phase):
      return offset + amplitude * sin(2 * Double.pi * frequency * emitted.milliseconds / 1000 + phase)
    case .noise(let mean, let sd, let interval, let stream):
      let draw = UInt64((emitted - start).picoseconds / interval.picoseconds)
      return mean + sd * stream.normal(index: UInt64(neuron), draw: draw)
    }
  }

  /// The moments in (after, until] at which the value can change, ascending: what an exact chunk turns into events. A sine is
  /// constant over each step of its source.
  func changes(after: Time, until: Time, step: Time) -> [Time] {
    // In the time of the source, where a current has not yet been delayed.
    let (low, high) = (after - delay, until - delay)
    var moments: [Time] = []
    if low < start && start <= high { moments.append(start) }
    let (first, last) = (max(low, start), min(high, stop - Time(picoseconds: 1)))
    if first < last {
      switch waveform {
      case .constant: break
      case .live(let amplitude): moments += amplitude.times(after: first, until: last)
      case .steps(let times, _):
        var place = Self.place(of: first, in: times)
        while place < times.count && times[place] <= last {
          moments.append(times[place])
          place += 1
        }
      case .sine: Self.multiples(of: step, from: .zero, after: first, until: last, into: &moments)
      case .noise(_, _, let interval, _):
        Self.multiples(of: interval, from: start, after: first, until: last, into: &moments)
      }
    }
    if low < stop && stop <= high && stop > start { moments.append(stop) }
    return moments.map { $0 + delay }
  }

  private static func multiples(of step: Time, from origin: Time, after: Time, until: Time, into moments: inout [Time]) {
    var time = origin + step * ((after - origin).stepsFloor(step) + 1)
    while time <= until {
      moments.append(time)
      time = time + step
    }
  }

  /// How many of `times`, which ascend, are at or before `time`.
  private static func place(of time: Time, in times: [Time]) -> Int {
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
