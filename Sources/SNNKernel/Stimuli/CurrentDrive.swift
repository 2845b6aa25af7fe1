import Foundation
import SNNSignals

/// A current injected into neurons of a population, constant over each step of the grid on both engines.
public struct CurrentDrive: Sendable {
  public enum Waveform: Sendable {
    /// pA.
    case constant(Double)
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
    case .steps(let times, let values):
      var low = 0
      var high = times.count
      while low < high {
        let middle = (low + high) / 2
        if times[middle] <= emitted { low = middle + 1 } else { high = middle }
      }
      return low == 0 ? 0 : values[low - 1]
    case .sine(let amplitude, let offset, let frequency, let phase):
      return offset + amplitude * sin(2 * Double.pi * frequency * emitted.milliseconds / 1000 + phase)
    case .noise(let mean, let sd, let interval, let stream):
      let draw = UInt64((emitted - start).picoseconds / interval.picoseconds)
      return mean + sd * stream.normal(index: UInt64(neuron), draw: draw)
    }
  }

  /// Whether the value can differ between the step that ends and the one that begins at `time`: what an exact chunk turns
  /// into events.
  func mayChange(at time: Time) -> Bool {
    let emitted = time - delay
    if emitted == start || emitted == stop { return true }
    guard emitted > start, emitted < stop else { return false }
    switch waveform {
    case .constant: return false
    case .steps(let times, _): return times.contains(emitted)
    case .sine: return true
    case .noise(_, _, let interval, _): return (emitted - start).picoseconds % interval.picoseconds == 0
    }
  }
}
