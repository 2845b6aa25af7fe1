import SNNDynamics
import SNNSignals

/// What a population of sources plays.
public enum SourceTrains: Sendable {
  /// Independent Poisson trains.
  case poisson(PoissonDrive)
  /// Listed spikes of all sources, sorted by (time, id).
  case listed([Spike])
  /// Poisson trains that show samples.
  case samples(SamplePlay, RandomStream)
  /// What comes from outside while the run goes on.
  case external(ExternalSource)
}

/// Where spikes come from outside, and when they are played.
public struct ExternalSource: Sendable {
  public enum Socket: String, Sendable, CaseIterable { case sub, pull }
  public var endpoint: StreamEndpoint
  public var socket: Socket
  /// Of a `sub` socket: what its messages' topics begin with.
  public var topic: String
  public var latency: Time
  public var lateness: ExternalSpikes.Lateness
  /// Whether the run waits for the sender's watermark, so that no spike can be late.
  public var waits: Bool

  /// In longer windows no sender could answer in time: observers see a window (or 1 ms) at once, and sources emit one ahead.
  public var longestWindow: Time {
    let span = WindowLoop.longestSpan
    return latency >= span * 2 ? Time(picoseconds: latency.picoseconds / 2) : max(.zero, latency - span)
  }

  public init(
    endpoint: StreamEndpoint, socket: Socket, topic: String, latency: Time, lateness: ExternalSpikes.Lateness, waits: Bool
  ) {
    self.endpoint = endpoint
    self.socket = socket
    self.topic = topic
    self.latency = latency
    self.lateness = lateness
    self.waits = waits
  }
}

/// Sources that projections may name. They depend on nothing in the network, so they work one window ahead: in window k they
/// emit the spikes of window k + 1, which all targets can then read at once, however short the delay.
final class SourceChunk: Chunk, @unchecked Sendable {
  // @unchecked: its own task is the only one that touches it during a window; the barrier orders windows.
  let neurons: Range<Int>
  private let step: Time
  /// Round emitted times up to the grid, as NEST's poisson_generator does; listed times are kept.
  private let onGrid: Bool
  private let listed: [Spike]
  private var nextListed = 0
  private let trains: PoissonTrains?
  private var samples: SampleTrains?
  private let external: ExternalSpikes?
  private var packet = SpikePacket()
  private var drawn: [Spike] = []
  private var windowLength = Time.zero

  init(
    neurons: Range<Int>, trains source: SourceTrains, schedule: SampleSchedule?, external: ExternalSpikes?, step: Time,
    onGrid: Bool
  ) {
    self.neurons = neurons
    self.external = external
    self.step = step
    self.onGrid = onGrid
    switch source {
    case .poisson(let drive):
      listed = []
      trains = PoissonTrains(drive, trains: neurons)
      samples = nil
    case .listed(let spikes):
      listed = spikes.filter { neurons.contains(Int($0.id)) }
      trains = nil
      samples = nil
    case .samples(_, let stream):
      listed = []
      trains = nil
      samples = SampleTrains(schedule!, trains: neurons, stream: stream)
    case .external:
      listed = []
      trains = nil
      samples = nil
    }
  }

  /// Emits the spikes of the first window, before any window has run.
  func prime(_ first: Window) {
    windowLength = first.end - first.start
    emit(until: first.end)
  }

  func advance(through window: Window, number: Int, board: SpikeBoard, bench: inout Workbench) {
    let closing = windowLength * (number + 1)
    if window.end == closing { emit(until: closing + windowLength) }
  }

  private func emit(until end: Time) {
    packet.removeAll()
    while nextListed < listed.count, listed[nextListed].time <= end {
      append(listed[nextListed])
      nextListed += 1
    }
    for spike in external?.take(until: end) ?? [] { append(spike) }
    samples?.emit(until: end) { append(Spike(time: stamp($0.time), id: $0.id)) }
    if let trains {
      drawn.removeAll(keepingCapacity: true)
      trains.emit(until: end) { train, time in
        drawn.append(Spike(time: stamp(time), id: UInt32(train)))
      }
      drawn.sort()
      for spike in drawn { append(spike) }
    }
  }

  private func stamp(_ time: Time) -> Time { onGrid ? step * time.stepsCeil(step) : time }
  @inline(__always)
  private func append(_ spike: Spike) { packet.append(spike, step: UInt32(spike.time.stepsCeil(step))) }

  func pass(through state: StateTransfer) throws {
    try state.value(&nextListed)
    try state.require((0...listed.count).contains(nextListed), "plays spike \(nextListed) of \(listed.count)")
    try trains?.pass(through: state)
    try samples?.pass(through: state)
    try external?.pass(through: state)
  }

  func takeSpikes(into other: inout SpikePacket) { swap(&packet, &other) }
  func firstNonFinite() -> (neuron: Int, variable: String, value: Double)? { nil }
  var byteCount: Int { listed.count * MemoryLayout<Spike>.stride }
}
