import ArgumentParser
import SNNDescription
import SNNSignals
import SNNSim
import SNNStream

/// How a run can be watched. Without any of these, the section `stream` of the network file decides.
struct StreamOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Publish the run here; its control channel is one port further.", valueName: "endpoint"))
  var stream: String?

  @Flag(help: "Publish nothing, whatever the network file says.")
  var noStream = false

  @Option(help: ArgumentHelp("When a subscriber is slow: lose and count, or wait for it.", valueName: "drop|block"))
  var streamPolicy: StreamPolicy?

  @Option(help: ArgumentHelp("Begin when there are so many subscriptions.", valueName: "N"))
  var streamWait: Int?

  @Option(help: ArgumentHelp("Keep the stream open so long after the end of the run.", valueName: "s"))
  var streamLinger: Double?

  @Option(help: ArgumentHelp("CURVE keys, as `snnsim keys DIR` makes them.", valueName: "DIR"))
  var streamKeys: String?

  @Flag(help: "Let other machines read and control the run without keys.")
  var insecureBind = false

  @Option(help: ArgumentHelp("Simulated time per wall time that the run may not exceed: 1 is real time.", valueName: "factor"))
  var realtime: Double?

  @Option(help: ArgumentHelp("Also publish for clients of Open Ephys, usually tcp://127.0.0.1:5556.", valueName: "endpoint"))
  var openEphys: String?

  @Option(help: ArgumentHelp("Also publish rates for PlotJuggler, usually tcp://127.0.0.1:9872.", valueName: "endpoint"))
  var plotjuggler: String?

  private var endpoint: StreamEndpoint? { stream.flatMap { StreamEndpoint($0) } }

  func validate() throws {
    for text in [stream, openEphys, plotjuggler] {
      if let text, StreamEndpoint(text) == nil { throw ValidationError("\"\(text)\" is no endpoint: \(StreamEndpoint.form)") }
    }
    if let realtime, !StreamControls.allows(realtime: realtime) {
      throw ValidationError("--realtime takes a factor from 1e-6 to 1e6.")
    }
    if let streamWait, !(0...10_000).contains(streamWait) {
      throw ValidationError("--stream-wait takes a number from 0 to 10000.")
    }
    if let streamLinger, !(0...86_400).contains(streamLinger) {
      throw ValidationError("--stream-linger takes seconds from 0 to 86400.")
    }
    if (openEphys ?? plotjuggler) != nil && stream == nil {
      throw ValidationError("--open-ephys and --plotjuggler go with --stream.")
    }
    if stream != nil && noStream { throw ValidationError("--stream and --no-stream exclude each other.") }
  }

  /// Adds to `settings` what is asked for here and in the section `stream` of the file.
  func apply(to settings: inout RunSettings, _ section: StreamSection?) throws {
    settings.realtime = realtime ?? section?.realtime
    guard !noStream, let endpoint = self.endpoint ?? section?.endpoint else { return }
    var stream = StreamSettings(endpoint: endpoint)
    stream.policy = streamPolicy ?? section?.policy ?? .drop
    stream.realtime = settings.realtime
    stream.keys = try streamKeys.map { try StreamKeys(directory: $0) }
    stream.isInsecureAllowed = insecureBind
    stream.awaitedSubscriptions = streamWait ?? 0
    stream.linger = streamLinger ?? 0
    stream.openEphys = openEphys.flatMap { StreamEndpoint($0) } ?? section?.openEphys
    stream.plotJuggler = plotjuggler.flatMap { StreamEndpoint($0) } ?? section?.plotJuggler
    settings.stream = stream
    if !endpoint.isLocal && streamKeys == nil && insecureBind {
      complain("warning: anybody who reaches \(endpoint) can read this run and stop it; keys (`snnsim keys`) prevent that")
    }
  }
}

extension StreamPolicy: ExpressibleByArgument {}
