import SNNSignals

/// Attached from outside to see what a window brought: recorders, statistics, guards, progress.
public protocol WindowObserver: AnyObject {
  /// Called by one thread after each window.
  /// - Parameter spikes: per population, sorted by (time, id).
  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) throws
}

/// A state that is not a finite number.
public struct NonFiniteState: Error, Sendable {
  public var population: String
  public var neuron: Int
  public var variable: String
  public var value: Double
  /// The end of the window at which it was seen.
  public var time: Time
}

/// Why ``WindowLoop/run(until:)`` returned.
public enum LoopEnd: Sendable { case reachedEnd, stopped }

/// Runs a compiled network window by window.
///
///     A(k)  each chunk delivers the spikes of window k − 1 into its own inbox and advances through window k
///     X(k)  the spikes of window k change hands
///     R(k)  observers see them
///
/// Every delay between neurons is at least one window long, so a spike of window k is due in k + 1 or later: A(k) needs no
/// other task of k, and one barrier per window suffices.
public final class WindowLoop {
  private let network: CompiledNetwork
  private let pool: WorkStealingPool
  private let transport: any Transport
  private let observers: [any WindowObserver]
  private let shouldStop: () -> Bool
  private let board: SpikeBoard
  public private(set) var now = Time.zero
  private var spikes: [[Spike]]
  private var lastCheck = Time.zero

  /// Simulated time between two looks for states that are not finite.
  private static let checkInterval = Time(milliseconds: 10)

  public init(
    _ network: CompiledNetwork, pool: WorkStealingPool, transport: any Transport = LocalTransport(),
    observers: [any WindowObserver], shouldStop: @escaping () -> Bool = { false }
  ) {
    self.network = network
    self.pool = pool
    self.transport = transport
    self.observers = observers
    self.shouldStop = shouldStop
    board = SpikeBoard(packets: Array(repeating: SpikePacket(), count: network.chunks.count))
    spikes = Array(repeating: [], count: network.populations.count)
    for case let source as SourceChunk in network.chunks {
      source.prime(Window(start: .zero, end: network.windowLength))
    }
    for population in network.populations where population.isSource { takeSpikes(of: population) }
  }

  /// Advances to `end`, or until `shouldStop` says so between two windows.
  ///
  /// Windows are those of the grid of window lengths: when `end` cuts one, its rest is run by the next call, and spikes still
  /// change hands only at its close. The order of every sum, and so every bit, is the same however a run is cut.
  public func run(until end: Time) throws -> LoopEnd {
    let length = network.windowLength
    while now < end {
      if shouldStop() { return .stopped }
      let number = now.stepsFloor(length)
      let closing = length * (number + 1)
      let window = Window(start: now, end: min(closing, end))
      board.isFresh = now == length * number
      if board.isFresh { board.gather(network.populations) }
      for probe in network.probes { probe.prepare(window) }
      let (chunks, board) = (network.chunks, board)
      pool.forEach(chunks.count) { chunks[$0].advance(through: window, number: number, board: board) }
      collect(window) { $0.isSource }
      for population in network.populations where !population.isSource || window.end == closing {
        takeSpikes(of: population)
      }
      if window.end == closing { try transport.exchange(&board.packets, closing: window) }
      collect(window) { !$0.isSource }
      for observer in observers { try observer.take(window, spikes: spikes, probes: network.probes) }
      now = window.end
      if now - lastCheck >= Self.checkInterval || now >= end { try checkFinite() }
    }
    return .reachedEnd
  }

  private func takeSpikes(of population: PopulationLayout) {
    for c in population.chunks {
      if board.isFresh || population.isSource {
        network.chunks[c].takeSpikes(into: &board.packets[c])
      } else {
        var rest = SpikePacket()
        network.chunks[c].takeSpikes(into: &rest)
        board.packets[c].append(contentsOf: rest)
      }
    }
  }

  /// Gathers the spikes of `window` from the board, per population and sorted. Sources stand on the board during the window,
  /// neurons after it.
  private func collect(_ window: Window, _ which: (PopulationLayout) -> Bool) {
    guard !observers.isEmpty else { return }
    for (p, population) in network.populations.enumerated() where which(population) {
      spikes[p].removeAll(keepingCapacity: true)
      var filled = 0
      for c in population.chunks where !board.packets[c].spikes.isEmpty {
        filled += 1
        if population.isSource || !board.isFresh {
          // A given spike at 0 belongs to the first window.
          let after = window.start == .zero ? Time(picoseconds: -1) : window.start
          spikes[p].append(contentsOf: board.packets[c].spikes.lazy.filter { $0.time > after && $0.time <= window.end })
        } else {
          spikes[p].append(contentsOf: board.packets[c].spikes)
        }
      }
      if filled > 1 { spikes[p].sort() }
    }
  }

  private func checkFinite() throws {
    lastCheck = now
    for population in network.populations where !population.isSource {
      for c in population.chunks {
        if let found = network.chunks[c].firstNonFinite() {
          throw NonFiniteState(
            population: population.name, neuron: found.neuron, variable: found.variable, value: found.value, time: now)
        }
      }
    }
  }
}
