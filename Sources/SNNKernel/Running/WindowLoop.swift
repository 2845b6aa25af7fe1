import SNNSignals

/// Attached from outside to see what windows brought: recorders, statistics, guards, progress.
public protocol WindowObserver: AnyObject {
  /// Called by one thread, in the order of time: after each window with samples, and else about once per millisecond.
  /// - Parameters:
  ///   - window: everything since the last call: one window or several.
  ///   - spikes: per population, sorted by (time, id).
  ///   - probes: with the samples of the last of these windows; those before it had none.
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
  let network: CompiledNetwork
  let pool: WorkStealingPool
  private let transport: any Transport
  private var observers: [any WindowObserver]
  private let shouldStop: () -> Bool
  let board: SpikeBoard
  private let round: ChunkRound
  private let populations: [PopulationRange]
  public private(set) var now = Time.zero
  private var span: SpikeSpan
  private var spanStart = Time.zero
  private var lastCheck = Time.zero

  /// Simulated time between two looks for states that are not finite.
  private static let checkInterval = Time(milliseconds: 10)
  /// Observers see shorter windows together, up to this time.
  static let longestSpan = Time(milliseconds: 1)

  /// The longest simulated time between two calls of observers, where windows have this length.
  public static func span(of window: Time) -> Time { max(window, longestSpan) }

  public init(
    _ network: CompiledNetwork, pool: WorkStealingPool, transport: any Transport = LocalTransport(),
    observers: [any WindowObserver] = [], shouldStop: @escaping () -> Bool = { false }
  ) {
    self.network = network
    self.pool = pool
    self.transport = transport
    self.observers = observers
    self.shouldStop = shouldStop
    board = SpikeBoard(
      network.populations, chunks: network.chunks.count,
      plasticSources: Set(network.plastic.flatMap { [$0.source] + ($0.modulator.map { [$0] } ?? []) }))
    round = ChunkRound(network, board: board, pool: pool)
    populations = network.populations.enumerated().map {
      PopulationRange(number: $0.offset, chunks: $0.element.chunks, isSource: $0.element.isSource)
    }
    span = SpikeSpan(populations: populations.count, step: network.step)
    // The state at t = 0.
    for signal in network.signals { signal.turn() }
    for (c, chunk) in network.chunks.enumerated() {
      guard let source = chunk as? SourceChunk else { continue }
      source.prime(Window(start: .zero, end: network.windowLength))
      board.take(from: source, c)
      board.show(c, appending: false)
    }
  }

  /// Adds an observer, which sees what comes next, after the others.
  public func attach(_ observer: any WindowObserver) { observers.append(observer) }

  /// Advances to `end`, or until `shouldStop` says so between two windows.
  ///
  /// Windows are those of the grid of window lengths: when `end` cuts one, its rest is run by the next call, and spikes still
  /// change hands only at its close. The order of every sum, and so every bit, is the same however a run is cut.
  public func run(until end: Time) throws -> LoopEnd {
    let length = network.windowLength
    let windowsPerSpan = max(1, Self.longestSpan.stepsFloor(length))
    // Held here while windows run: a property would be checked for exclusive access at each use.
    let observers = self.observers
    let isWatched = !observers.isEmpty
    var now = self.now
    defer { self.now = now }
    var number = now.stepsFloor(length)
    while now < end {
      if shouldStop() {
        try show(observers, until: now)
        return .stopped
      }
      let closing = length * (number + 1)
      let window = Window(start: now, end: min(closing, end))
      board.isFresh = now == length * number
      if board.isFresh {
        board.gather()
        ProceduralProjection.regenerate(network.procedural, board, pool)
      }
      let isSampling = prepareProbes(window)
      round.run(window, number: number, isClosing: window.end == closing)
      try exchange(window, closing, isWatched)
      if isSampling { for probe in network.synapseProbes { probe.sample(network, board) } }
      for probe in network.changeProbes { probe.follow(window, network, board) }
      now = window.end
      let isCheckDue = now - lastCheck >= Self.checkInterval || now >= end
      if window.end == closing { number += 1 }
      if isSampling || isCheckDue || number % windowsPerSpan == 0 { try show(observers, until: now) }
      if isCheckDue { try checkFinite(at: now) }
    }
    return .reachedEnd
  }

  /// What records of changes keep between windows.
  public var probes: ProbeStates { ProbeStates(network) }

  /// The synapses of plastic projection number `projection` as they are now, in the order of their numbers.
  public func forEachSynapse(of projection: Int, _ body: (PlasticProjection.Synapse) throws -> Void) rethrows {
    try network.plastic[projection].forEach(at: now, step: network.step, board, body)
  }

  /// Lets the probes of changes bring what the last window left to tell. Called once, after the last window.
  public func finishProbes() {
    for probe in network.changeProbes { probe.finish(network, at: now) }
  }

  func passTimes(through state: StateTransfer) throws {
    precondition(span.isEmpty, "observers have seen all spikes")
    try state.value(&now)
    try state.value(&spanStart)
    try state.value(&lastCheck)
    try state.require(now >= .zero && spanStart == now && lastCheck <= now, "has a moment that can't be")
  }

  /// Whether there is a sample in `window`.
  private func prepareProbes(_ window: Window) -> Bool {
    var isSampling = false
    for probe in network.observations { probe.prepare(window) }
    for probe in network.probes {
      probe.prepare(window)
      if !probe.times.isEmpty { isSampling = true }
    }
    for probe in network.synapseProbes {
      probe.prepare(window)
      if !probe.times.isEmpty { isSampling = true }
    }
    return isSampling
  }

  /// X(k): the board shows the spikes of `window`, and the observers' span has them. Sources stand on the board during the
  /// window, neurons after it.
  private func exchange(_ window: Window, _ closing: Time, _ isWatched: Bool) throws {
    let isWhole = board.isFresh && window.end == closing
    if isWatched {
      for population in populations where population.isSource {
        if isWhole {
          span.append(window, board.packets, population)
        } else {
          span.append(part: window, of: board.packets, population)
        }
      }
    }
    if isWhole {
      board.turn()
    } else {
      for population in populations where !population.isSource || window.end == closing {
        for c in population.chunks { board.show(c, appending: !board.isFresh && !population.isSource) }
      }
    }
    for schedule in network.schedules { schedule.take(window, board.packets, network.populations) }
    for signal in network.signals {
      if window.end == closing { signal.turn() } else { signal.cut(after: window.end.stepsFloor(network.step)) }
    }
    if window.end == closing { try transport.exchange(board.packets, closing: window) }
    if isWatched {
      for population in populations where !population.isSource {
        if board.isFresh {
          span.append(window, board.packets, population)
        } else {
          span.append(part: window, of: board.packets, population)
        }
      }
    }
  }

  /// R(k): observers see everything since they last did.
  private func show(_ observers: [any WindowObserver], until now: Time) throws {
    guard now > spanStart else { return }
    let window = Window(start: spanStart, end: now)
    spanStart = now
    defer { span.removeAll() }
    for observer in observers { try observer.take(window, spikes: span.spikes, probes: network.probes) }
  }

  private func checkFinite(at now: Time) throws {
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
