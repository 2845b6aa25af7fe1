import SNNSignals

/// Which membranes of one chunk are held in their refractory period, kept by the kernel so that no model's state carries it.
///
/// A neuron that spikes at the end of step n is held in the steps n + 1 … n + r. Few neurons are held at any time, so a flag
/// for each block of eight says whether the numbers need to be read at all.
public struct RefractoryHold {
  /// Per block: the number of the last step in which each neuron is held.
  public var lastSteps: UnsafeMutablePointer<Lanes>
  /// Per block: 0 when none of its neurons is held.
  public var flags: UnsafeMutablePointer<UInt8>
  /// r, per block or one for all.
  public var periods: UnsafePointer<Lanes>
  /// 0 when all blocks share `periods`, else 1.
  public var stride: Int

  public init(
    lastSteps: UnsafeMutablePointer<Lanes>, flags: UnsafeMutablePointer<UInt8>, periods: UnsafePointer<Lanes>, stride: Int
  ) {
    self.lastSteps = lastSteps
    self.flags = flags
    self.periods = periods
    self.stride = stride
  }
}

/// The number of steps for which a spike holds the membrane, as NEST counts them: `period` (ms) to the nearest microsecond,
/// then rounded up to whole steps of `step` ms.
public func refractorySteps(_ period: Double, step: Double) -> Double {
  let whole = Time(milliseconds: (period * 1000).rounded() / 1000)
  return Double(whole.stepsCeil(Time(milliseconds: step)))
}
