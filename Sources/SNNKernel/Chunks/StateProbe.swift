import SNNSignals

/// Where one chunk writes its part of the samples of one recorded variable.
///
/// The sampled neurons of all chunks share one matrix of rows (moments) by columns (neurons); each chunk writes its own columns.
public struct ProbePart: Sendable {
  /// Which ``StateProbe`` of the network this belongs to.
  public var probe: Int
  /// Sampled neurons within the chunk, ascending.
  public var indices: [Int]
  /// Column of the first of them; the others follow.
  public var firstColumn: Int
  public init(probe: Int, indices: [Int], firstColumn: Int) {
    self.probe = probe
    self.indices = indices
    self.firstColumn = firstColumn
  }
}

/// One state variable of one population, sampled at t = every, 2 every, … within (from, to].
public final class StateProbe: @unchecked Sendable {
  // @unchecked: during a window each chunk's task writes its own columns; between windows one thread reads it.
  public let population: Int
  public let variable: String
  public let columns: Int
  public let every: Time
  public let from: Time
  public let to: Time
  /// Moments of the samples of the present window.
  public private(set) var times: [Time] = []
  private var base: UnsafeMutablePointer<Double>
  private var capacity = 0

  public init(population: Int, variable: String, columns: Int, every: Time, from: Time, to: Time) {
    self.population = population
    self.variable = variable
    self.columns = columns
    self.every = every
    self.from = from
    self.to = to
    base = .allocate(capacity: 1)
  }
  deinit { base.deallocate() }

  /// Makes room for the samples of `window`. Called by one thread before the window.
  func prepare(_ window: Window) {
    times = Window.samples(of: every, in: window).filter { $0 > from && $0 <= to }
    let needed = times.count * columns
    if needed > capacity {
      base.deallocate()
      base = .allocate(capacity: needed)
      capacity = needed
    }
  }

  @inline(__always)
  func write(_ value: Double, row: Int, column: Int) { base[row * columns + column] = value }

  /// The matrix of the present window: `times.count` rows of `columns` values.
  public var values: UnsafeBufferPointer<Double> { UnsafeBufferPointer(start: base, count: times.count * columns) }
}
