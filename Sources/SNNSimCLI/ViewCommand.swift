import ArgumentParser
import Foundation
import SNNAnalysis
import SNNFiles
import SNNSignals
import SNNSim
import SNNStream
import SNNView

struct ViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view", abstract: "Shows a live raster in the browser.",
    discussion: """
      With an endpoint, shows the simulation that streams there, now or later:
        snnsim run net.json --stream tcp://127.0.0.1:5570
        snnsim view
      With a results directory, replays its spikes.

      Prints the address of the page, which only this machine can open, and serves it until Ctrl-C.
      """)

  @Argument(
    help: ArgumentHelp(
      "Endpoint of a stream, or a results directory; tcp://127.0.0.1:5570 unless given.", valueName: "ENDPOINT|DIR"))
  var source = StreamEndpoint.standard.description

  @Option(help: ArgumentHelp("CURVE keys of the client, when the stream needs them.", valueName: "DIR"))
  var keys: String?

  @Option(help: ArgumentHelp("Port of the page; 5580, or any free one when that is taken.", valueName: "N"))
  var port: Int?

  @Option(help: ArgumentHelp("Simulated seconds for each second of a replay.", valueName: "FACTOR"))
  var speed = 1.0

  func validate() throws {
    guard (0...65535).contains(port ?? 0) else { throw ValidationError("--port is a number from 0 to 65535.") }
    guard speed > 0, speed.isFinite else { throw ValidationError("--speed is a positive number.") }
  }

  func run() throws {
    try reporting {
      if source.contains("://") {
        let feed = try LiveFeed(source, keys: keys.map { try StreamKeys(directory: $0) })
        try show { try feed.run(into: $0) { Interruption.isRequested } }
      } else {
        let replay = try Replay(directory: source, speed: speed)
        try show { replay.run(into: $0) { Interruption.isRequested } }
      }
    }
  }

  private func show(_ feed: (ViewServer) throws -> Void) throws {
    let server = try serve()
    Interruption.watch()
    print(server.address)
    fflush(nil)
    defer { try? server.close() }
    try feed(server)
    throw ExitStatus.interrupted
  }

  private func serve() throws -> ViewServer {
    if let port { return try ViewServer(port: port) }
    do { return try ViewServer(port: 5580) } catch is ViewError { return try ViewServer(port: 0) }
  }
}

extension Replay {
  /// What a results directory holds.
  init(directory: String, speed: Double) throws {
    let run = try RecordedRun(path: directory)
    let manifest = run.directory.manifest
    self.init(
      name: manifest.name, source: directory, duration: manifest.biologicalMs,
      populations: try run.populations().map { Population(name: $0.name, size: $0.size, times: $0.times, ids: $0.ids) },
      weights: try run.synapses("weight").final.map {
        WeightHistogram(projection: $0.projection, time: manifest.biologicalMs, values: $0.values)
      },
      speed: speed)
  }
}
