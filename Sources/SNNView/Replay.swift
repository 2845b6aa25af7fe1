/// Recorded spikes played as if they came now.
///
/// One thread calls ``run(into:until:)``; browsers pause it, go on, stop it and start it again.
public struct Replay: Sendable {
  public struct Population: Sendable {
    public var name: String
    public var size: Int
    /// In ms, ascending.
    public var times: [Double]
    /// The neuron of each spike.
    public var ids: [UInt32]

    public init(name: String, size: Int, times: [Double], ids: [UInt32]) {
      precondition(times.count == ids.count)
      self.name = name
      self.size = size
      self.times = times
      self.ids = ids
    }
  }

  public var name: String
  /// What is replayed, for the person at the browser: the results directory.
  public var source: String
  /// In ms.
  public var duration: Double
  public var populations: [Population]
  /// As the run left them.
  public var weights: [WeightHistogram]
  /// Simulated for each wall second, in s.
  public var speed: Double

  public init(
    name: String, source: String, duration: Double, populations: [Population], weights: [WeightHistogram] = [], speed: Double = 1
  ) {
    precondition(speed > 0)
    self.name = name
    self.source = source
    self.duration = duration
    self.populations = populations
    self.weights = weights
    self.speed = speed
  }

  /// Plays until `isOver` says so, which is asked every 20 ms. The end of the spikes is not the end: they can be played again.
  public func run(into server: ViewServer, until isOver: () -> Bool) {
    var player = Player(self, server)
    let clock = ContinuousClock()
    var last = clock.now
    while !isOver() {
      for request in server.takeRequests() { player.carryOut(request) }
      clock.sleep()
      let now = clock.now
      player.advance(by: (now - last).milliseconds)
      last = now
    }
  }
}

/// Where a replay stands.
private struct Player {
  let replay: Replay
  let server: ViewServer
  var status: ViewStatus
  /// The next spike of each population.
  var next: [Int] = []
  var rounds = 0

  init(_ replay: Replay, _ server: ViewServer) {
    self.replay = replay
    self.server = server
    status = ViewStatus(.running, source: replay.source)
    status.duration = replay.duration
    begin()
  }

  mutating func begin() {
    rounds += 1
    next = replay.populations.map { _ in 0 }
    status.time = 0
    server.post(
      .run(
        ViewedRun(
          id: "replay \(rounds)", name: replay.name, mode: .replay,
          populations: replay.populations.map { .init(name: $0.name, size: $0.size) })))
    for histogram in replay.weights { server.post(.weights(histogram)) }
    become(.running)
  }

  mutating func become(_ state: ViewStatus.State) {
    status.state = state
    status.factor = state == .running ? 1 / replay.speed : nil
    server.post(.status(status))
  }

  mutating func carryOut(_ request: ViewRequest) {
    switch (request, status.state) {
    case (.pause, .running): become(.paused)
    case (.resume, .paused): become(.running)
    case (.stop, .running), (.stop, .paused): become(.ended)
    case (.restart, _): begin()
    default: break
    }
  }

  /// - Parameter wall: the time since the last call, in ms.
  mutating func advance(by wall: Double) {
    guard status.state == .running else { return }
    status.time = min(replay.duration, status.time + wall * replay.speed)
    let isAtEnd = status.time >= replay.duration
    var batch = SpikeBatch(edge: status.time)
    for (index, population) in replay.populations.enumerated() {
      let first = next[index]
      var end = first
      // A spike at the very end of the run belongs to it.
      while end < population.times.count, isAtEnd || population.times[end] < status.time { end += 1 }
      batch.add(population: index, times: population.times[first..<end], ids: population.ids[first..<end])
      next[index] = end
    }
    server.post(.spikes(batch))
    if isAtEnd { become(.ended) }
  }
}
