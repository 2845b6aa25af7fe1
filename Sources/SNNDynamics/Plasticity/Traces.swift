import Foundation

/// One or two traces of a neuron's spikes. A trace decays exponentially; at a spike it grows by 1 (all-to-all pairing) or
/// becomes 1 (nearest-spike pairing).
public struct Traces: Sendable, Equatable {
  /// Time constants, ms.
  public var tau: SIMD2<Double>
  /// What a spike keeps of each trace: 1 when it grows by 1, 0 when it becomes 1.
  public var kept: SIMD2<Double>

  public static let none = Traces(tau: SIMD2(.infinity, .infinity), kept: SIMD2(0, 0))

  /// - Parameter isNearest: whether a spike sets the trace to 1 instead of adding 1.
  public static func one(_ tau: Double, isNearest: Bool = false) -> Traces { two(tau, .infinity, isNearest: isNearest) }
  public static func two(_ first: Double, _ second: Double, isNearest: Bool = false) -> Traces {
    Traces(tau: SIMD2(first, second), kept: isNearest ? SIMD2(0, 0) : SIMD2(1, second.isFinite ? 1 : 0))
  }
}

/// The traces of both sides of a synapse at one moment; `.x` is the first trace, `.y` the second.
public struct TraceValues: BitwiseCopyable, Sendable {
  public var pre: SIMD2<Double>
  public var post: SIMD2<Double>
  /// For a rule that reads astrocytes: what it sees of that of the target neuron.
  public var astrocyte: Double
  @inlinable public init(pre: SIMD2<Double>, post: SIMD2<Double>, astrocyte: Double = 0) {
    self.pre = pre
    self.post = post
    self.astrocyte = astrocyte
  }
}

/// What remains of traces after some ticks: exp(−ticks · tick / τ), from two short tables where time is a grid.
///
/// The product of two table entries is within 1.5 units in the last place of the exponential.
public struct TraceDecay: BitwiseCopyable, @unchecked Sendable {
  // @unchecked: the tables are written before they are read.
  @usableFromInline let fine: UnsafePointer<SIMD2<Double>>?
  @usableFromInline let coarse: UnsafePointer<SIMD2<Double>>?
  /// −1/τ per tick.
  @usableFromInline let rates: SIMD2<Double>

  /// Entries of each table; lags up to the square of it are looked up.
  public static let entries = 1024

  /// - Parameters:
  ///   - tick: ms.
  ///   - tables: `2 * entries` places that the caller keeps, or nil to calculate each value.
  public init(_ tau: SIMD2<Double>, tick: Double, tables: UnsafeMutablePointer<SIMD2<Double>>?) {
    rates = -tick / tau
    if let tables {
      for n in 0..<Self.entries {
        tables[n] = Self.exponential(Double(n) * rates)
        tables[Self.entries + n] = Self.exponential(Double(n * Self.entries) * rates)
      }
    }
    fine = tables.map { UnsafePointer($0) }
    coarse = tables.map { UnsafePointer($0 + Self.entries) }
  }

  @inlinable @inline(__always)
  public func callAsFunction(_ ticks: Int64) -> SIMD2<Double> {
    if let fine, let coarse, ticks < 1 &<< 20 {
      return fine[Int(truncatingIfNeeded: ticks & 1023)] * coarse[Int(truncatingIfNeeded: ticks &>> 10)]
    }
    return late(ticks)
  }

  @usableFromInline @inline(never)
  func late(_ ticks: Int64) -> SIMD2<Double> {
    // Since a spike that never was.
    ticks > 1 << 60 ? SIMD2() : Self.exponential(Double(ticks) * rates)
  }

  @usableFromInline
  static func exponential(_ x: SIMD2<Double>) -> SIMD2<Double> { SIMD2(exp(x.x), exp(x.y)) }
}
