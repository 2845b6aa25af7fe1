import Foundation
import SNNSignals
import Synchronization

/// Publishes a run. Its methods are called by the one thread that runs the simulation; another, its own, talks to the network.
public final class StreamPublisher: @unchecked Sendable {
  // @unchecked: one thread calls it, as said above; what the other one shares is a `StreamFeed`.
  /// With the ports that were chosen.
  public let endpoint: String
  public let control: String
  public let controls: StreamControls
  private let settings: StreamSettings
  private let sockets: StreamSockets
  private let gate: KeyGate?
  private let context: ZMQContext
  private let bridges: [any StreamBridge]
  private let feed: StreamFeed
  private var shouldStop: () -> Bool = { false }
  private var populations = 0
  private var records = 0
  private var dropped: [UInt64] = []
  private var row: [Double] = []
  private let finished = DispatchSemaphore(value: 0)
  private var hasStarted = false
  /// Of the run.
  public private(set) var run = ""

  /// Binds the endpoints, so that subscribers can come while the network is built.
  public init(_ settings: StreamSettings) throws(StreamError) {
    self.settings = settings
    context = ZMQContext()
    if let keys = settings.keys { gate = try KeyGate(keys, context) } else { gate = nil }
    sockets = try StreamSockets(settings, context)
    var bridges: [any StreamBridge] = []
    if let endpoint = settings.openEphys { bridges.append(try OpenEphysBridge(endpoint, settings, context)) }
    if let endpoint = settings.plotJuggler { bridges.append(try PlotJugglerBridge(endpoint, settings, context)) }
    self.bridges = bridges
    endpoint = sockets.endpoint
    control = sockets.controlEndpoint
    controls = StreamControls(realtime: settings.realtime)
    feed = StreamFeed(ringBytes: StreamSettings.ringBytes, controls: controls)
  }

  /// Begins to publish.
  /// - Parameters:
  ///   - run: one UUID for each run.
  ///   - shouldStop: asked while the simulation waits for something here.
  public func start(
    _ plan: StreamPlan, run: String = UUID().uuidString.lowercased(), shouldStop: @escaping () -> Bool = { false }
  ) throws(StreamError) {
    self.shouldStop = { [controls] in controls.isStopRequested || shouldStop() }
    populations = plan.populations.count
    records = plan.records.count
    let kinds: [(StreamKind, [String])] = [
      (.spikes, plan.populations.map(\.name)), (.state, plan.records.map(\.name)), (.weights, plan.weights.map(\.projection)),
    ]
    dropped = kinds.flatMap { kind, names in names.map { StreamTopic(kind, $0, plan).dropped } }
    self.run = run
    feed.watermark.store(plan.begin.picoseconds, ordering: .releasing)
    let network = StreamNetwork(feed, plan, settings, sockets, run: run, gate: gate, bridges: bridges, context: context)
    hasStarted = true
    let thread = Thread { [finished] in
      network.loop()
      finished.signal()
    }
    thread.name = "snnsim stream"
    thread.start()
    wait { feed.subscriptions.load(ordering: .relaxed) < settings.awaitedSubscriptions }
  }

  /// Waits while `condition` holds and nobody wants to stop.
  private func wait(for nanoseconds: UInt64 = 2_000_000, while condition: () -> Bool) {
    while condition(), !shouldStop() {
      var time = timespec(tv_sec: 0, tv_nsec: Int(nanoseconds))
      nanosleep(&time, nil)
    }
  }

  /// Publishes spikes of a population, sorted by time, all of them after those published before.
  public func publish(_ spikes: [Spike], of population: Int, in window: Window) {
    guard !spikes.isEmpty else { return }
    spikes.withUnsafeBytes { write(population, rows: spikes.count, losing: spikes.count, $0, in: window) }
  }

  /// Publishes samples of a record: rows of values at `times`, the columns of each part behind each other.
  public func publish(record: Int, times: [Time], parts: [UnsafeBufferPointer<Double>], in window: Window) {
    guard !times.isEmpty else { return }
    let columns = parts.map { $0.count / times.count }
    row.removeAll(keepingCapacity: true)
    row.append(contentsOf: times.map(\.milliseconds))
    for t in times.indices {
      for (part, count) in zip(parts, columns) { row.append(contentsOf: part[t * count..<(t + 1) * count]) }
    }
    row.withUnsafeBytes { write(populations + record, rows: times.count, losing: times.count, $0, in: window) }
  }

  /// Publishes the weights of a projection at one moment: the newest of `values`, in the order of the plan's `pre` and `post`.
  public func publish(weights: Int, _ values: ArraySlice<Double>, at time: Time) {
    values.withUnsafeBytes { write(populations + records + weights, rows: 1, losing: 1, $0, in: Window(start: time, end: time)) }
  }

  private func write(_ topic: Int, rows: Int, losing: Int, _ bytes: UnsafeRawBufferPointer, in window: Window) {
    let record = StreamRing.Record(
      topic: Int32(topic), rows: Int32(rows), bytes: 0, start: window.start.picoseconds, end: window.end.picoseconds,
      wall: streamWall(), dropped: dropped[topic])
    var isWritten = feed.ring.write(record, bytes)
    if !isWritten, settings.policy == .block, feed.ring.canHold(bytes.count) {
      wait(for: 100_000) {
        isWritten = feed.ring.write(record, bytes)
        return !isWritten
      }
    }
    if !isWritten { dropped[topic] += UInt64(losing) }
  }

  /// How far the topics have come when everything up to `time`, which has been published, has been sent; or nearly so, where that
  /// would take too long.
  public func progress(at time: Time) -> [StreamProgress] {
    var left = 100
    wait {
      left -= 1
      return left > 0 && feed.reached.through < time
    }
    return feed.reached.topics
  }

  /// Says that everything up to `time` has been published, or could not be.
  public func advance(to time: Time) { feed.watermark.store(time.picoseconds, ordering: .releasing) }

  /// Ends the stream and waits until subscribers have what is theirs, or had the time for it.
  /// - Parameter status: `done`, `interrupted`, `stopped` or `failed`.
  public func finish(_ status: String) {
    guard hasStarted else { return }
    feed.finish(status, dropped: dropped)
    finished.wait()
  }
}
