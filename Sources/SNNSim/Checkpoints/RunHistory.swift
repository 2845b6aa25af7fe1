import SNNFiles
import SNNSignals
import SNNStream

/// The network of a run: as it was given, and with everything resolved.
struct GivenNetwork {
  /// `net.resolved.json`.
  var resolved = ""
  /// The text, where it was, and what replaced values of it, as `path=value`.
  var text = ""
  var path = ""
  var overrides: [String] = []

  init() {}
  init(_ network: LoadedNetwork) {
    resolved = network.resolvedText
    text = String(decoding: network.text, as: UTF8.self)
    path = network.url.path
    overrides = network.overrides.compactMap { change in change.path.map { "\($0)=\(change.value)" } }
  }

  mutating func pass(through state: StateTransfer) throws {
    try state.text(&resolved)
    try state.text(&text)
    try state.text(&path)
    let count = try state.count(overrides.count, stride: 1)
    if state.isRestoring { overrides = Array(repeating: "", count: count) }
    for n in overrides.indices { try state.text(&overrides[n]) }
  }
}

/// What a checkpoint says of the run itself: which network, which program, how far its stream had come.
final class RunHistory: Checkpointed {
  private var network: GivenNetwork
  /// Of earlier processes, s.
  private(set) var simulateSeconds = 0.0
  /// Of the stream, when there was one; empty else.
  private(set) var streamRun = ""
  private(set) var topics: [StreamProgress] = []
  /// Asked when a checkpoint is written: seconds that this process has simulated, and its stream.
  var present: () -> (seconds: Double, stream: (run: String, topics: [StreamProgress])?) = { (0, nil) }

  init(_ network: GivenNetwork) { self.network = network }

  /// The network that a checkpoint is of.
  static func network(of checkpoint: CheckpointFile) throws -> GivenNetwork {
    var network = GivenNetwork()
    let state = StateTransfer(restoringFrom: checkpoint)
    try state.section("network") { try network.pass(through: state) }
    return network
  }

  func pass(through state: StateTransfer) throws {
    try state.section("network") {
      let present = network.resolved
      try network.pass(through: state)
      try state.require(network.resolved == present, "is of another network")
    }
    try state.section("run") {
      var version = snnsimVersion
      try state.text(&version)
      try state.require(version == snnsimVersion, "is of version \(version) of snnsim; this is \(snnsimVersion)")
      let now: (seconds: Double, stream: (run: String, topics: [StreamProgress])?) = state.isRestoring ? (0, nil) : present()
      var seconds = simulateSeconds + now.seconds
      try state.value(&seconds)
      var run = now.stream?.run ?? streamRun
      try state.text(&run)
      var topics = now.stream?.topics ?? self.topics
      let count = try state.count(topics.count, stride: 1)
      if state.isRestoring {
        simulateSeconds = seconds
        streamRun = run
        topics = Array(repeating: StreamProgress(topic: "", sequence: 0, sent: 0, dropped: 0), count: count)
      }
      for t in topics.indices {
        try state.text(&topics[t].topic)
        try state.value(&topics[t].sequence)
        try state.value(&topics[t].sent)
        try state.value(&topics[t].dropped)
      }
      if state.isRestoring { self.topics = topics }
    }
  }
}
