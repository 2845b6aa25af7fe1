import ArgumentParser
import Foundation
import SNNSignals
import SNNStream

struct StreamCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream", abstract: "Shows, records or replays the stream of a run.",
    subcommands: [StreamTailCommand.self, StreamRecordCommand.self, StreamReplayCommand.self])
}

/// Which stream, and by which keys.
struct StreamSource: ParsableArguments {
  @Argument(help: ArgumentHelp("Where the run publishes.", valueName: "endpoint"))
  var endpoint = StreamEndpoint.standard.description

  @Option(help: ArgumentHelp("CURVE keys of the client.", valueName: "DIR"))
  var keys: String?

  @Option(help: ArgumentHelp("Take topics with this beginning, such as spikes/E/. Repeatable.", valueName: "prefix"))
  var topic: [String] = []

  var topics: [String] { topic.isEmpty ? [""] : topic }
  func readKeys() throws -> StreamKeys? { try keys.map { try StreamKeys(directory: $0) } }

  func validate() throws {
    if StreamEndpoint(endpoint) == nil { throw ValidationError("\"\(endpoint)\" is no endpoint: \(StreamEndpoint.form)") }
  }
}

struct StreamTailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Prints the messages of a stream until the run ends; what was lost goes to standard error.")

  @OptionGroup var source: StreamSource

  @Flag(help: "Print the header of each message as one JSON object.")
  var json = false

  func run() throws {
    Interruption.watch()
    try reporting {
      let subscriber = try StreamSubscriber(
        source.endpoint, topics: source.topics + ["end/"], keys: source.readKeys(), queue: 0)
      while !Interruption.isRequested {
        guard let message = try subscriber.next(timeout: 100) else { continue }
        print(json ? Self.line(message) : Self.text(message))
        // Somebody is watching.
        fflush(nil)
        if message.header.kind == .end { break }
      }
      for (topic, lost) in subscriber.losses.sorted(by: { $0.key < $1.key }) where lost != .init() {
        complain("\(topic) lost \(lost.messages) messages with \(lost.spikes) spikes here, \(lost.dropped) at the sender")
      }
      if subscriber.malformed > 0 { complain("\(subscriber.malformed) malformed messages") }
      if Interruption.isRequested { throw ExitStatus.interrupted }
    }
  }

  private static func line(_ message: StreamMessage) -> String {
    JSONText.object([("topic", .text(message.topic))] + message.header.members).line
  }

  private static func text(_ message: StreamMessage) -> String {
    let header = message.header
    let time = "\(numberText(header.start)) to \(numberText(header.end)) ms"
    var text = "\(message.topic) \(header.sequence)  \(time)  n \(header.count)"
    if header.dropped > 0 { text += "  dropped \(header.dropped)" }
    switch header.kind {
    case .rate: text += "  " + message.values.map { "\(numberText(Double($0))) Hz" }.joined(separator: ", ")
    case .clock: text += "  \(header["state"]?.text ?? "")"
    case .meta: text += "  \(header["name"]?.text ?? ""), seed \(header["seed"]?.unsigned ?? 0)"
    case .end: text += "  \(header["status"]?.text ?? "")"
    case .spikes, .state, .weights: break
    }
    return text
  }
}

struct StreamRecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Writes the messages of a stream into a file until the run ends.")

  @OptionGroup var source: StreamSource

  @Option(name: .shortAndLong, help: ArgumentHelp("The file.", valueName: "FILE"))
  var output: String

  @Flag(help: "Replace an existing file.")
  var force = false

  func run() throws {
    Interruption.watch()
    try reporting {
      let summary = try StreamRecording.record(
        source.endpoint, to: output, force: force, topics: source.topics, keys: source.readKeys(),
        shouldStop: { Interruption.isRequested })
      print("\(output): \(summary.messages) messages, the run's end: \(summary.status ?? "not seen")")
      if summary.malformed > 0 { complain("\(summary.malformed) malformed messages were left out") }
      if Interruption.isRequested { throw ExitStatus.interrupted }
    }
  }
}

struct StreamReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Publishes a recorded stream again, byte for byte.")

  @Argument(help: ArgumentHelp("What `snnsim stream record` wrote.", valueName: "FILE"))
  var file: String

  @Option(help: ArgumentHelp("Where to publish.", valueName: "endpoint"))
  var endpoint = StreamEndpoint.standard.description

  @Option(help: ArgumentHelp("Speed relative to the recording; 0 for as fast as subscribers take it.", valueName: "factor"))
  var speed = 1.0

  @Option(help: ArgumentHelp("Begin when there are so many subscriptions.", valueName: "N"))
  var wait = 0

  @Option(help: ArgumentHelp("CURVE keys of the server.", valueName: "DIR"))
  var keys: String?

  @Flag(help: "Let other machines read without keys.")
  var insecureBind = false

  func validate() throws {
    if StreamEndpoint(endpoint) == nil { throw ValidationError("\"\(endpoint)\" is no endpoint: \(StreamEndpoint.form)") }
    if speed != 0, !StreamControls.allows(realtime: speed) {
      throw ValidationError("--speed takes a factor from 1e-6 to 1e6, or 0.")
    }
  }

  func run() throws {
    Interruption.watch()
    try reporting {
      var settings = StreamSettings(endpoint: StreamEndpoint(endpoint)!)
      settings.realtime = speed == 0 ? nil : speed
      settings.awaitedSubscriptions = wait
      settings.keys = try keys.map { try StreamKeys(directory: $0) }
      settings.isInsecureAllowed = insecureBind
      let replay = try StreamReplay(path: file, settings)
      complain("streaming on \(replay.endpoint), control on \(replay.control)")
      let messages = try replay.run { Interruption.isRequested }
      print("\(file): \(messages) messages")
      if Interruption.isRequested { throw ExitStatus.interrupted }
    }
  }
}
