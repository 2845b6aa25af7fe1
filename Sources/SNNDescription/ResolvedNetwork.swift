import SNNSignals

/// A network file with nothing left to look up: parameters substituted, `like` expanded, units and defaults filled in, file
/// paths absolute. Its ``text`` is `net.resolved.json`; running that gives the same results as the file it came from.
///
/// Left out where absent, because absence itself is the meaning: `stop`, `to` (the end of the run), `receptor` (by sign of the
/// weight), `storage`, `fraction_seed` (that of the run), and state variables without `init` (a model derives their values at
/// t = 0 from its parameters).
public struct ResolvedNetwork: Sendable {
  /// With every default filled in and without source locations: equal for files that mean the same.
  public let network: NetworkFile
  let vocabulary: Vocabulary

  public init(_ file: NetworkFile, vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    let nowhere = SourceLocation(file: "", line: 0, column: 0, path: "")
    var network = file
    network.location = nowhere
    network.run.location = nowhere
    for i in network.populations.indices {
      network.populations[i].location = nowhere
      network.populations[i].engine = network.populations[i].engine ?? file.run.engine
      for field in vocabulary.entry(.neuron, network.populations[i].model)?.fields ?? [] {
        guard case .number(let standard) = field.standard, network.populations[i].params[field.name] == nil else { continue }
        network.populations[i].params[field.name] = .number(standard)
      }
    }
    for i in network.inputs.indices { network.inputs[i].location = nowhere }
    for i in network.projections.indices {
      network.projections[i].location = nowhere
      network.projections[i].rule.location = nowhere
      network.projections[i].third?.rule.location = nowhere
      for j in network.projections[i].plasticity.indices { network.projections[i].plasticity[j].location = nowhere }
    }
    for i in network.data.indices { network.data[i].location = nowhere }
    network.readout?.location = nowhere
    network.train?.location = nowhere
    network.train?.places = [:]
    for i in file.train?.encoders.indices ?? 0..<0 { network.train?.encoders[i].location = nowhere }
    for i in file.train?.tasks.indices ?? 0..<0 { network.train?.tasks[i].location = nowhere }
    for i in network.recordings.indices { network.recordings[i].location = nowhere }
    for i in network.stopWhen.indices { network.stopWhen[i].location = nowhere }
    network.stream?.location = nowhere
    self.network = network
  }

  /// The JSON text, ending with a line break. Keys have a fixed order, numbers the shortest form that reads back the same.
  public var text: String {
    var members: [JSONText.Member] = [
      ("format", .text(NetworkReading.format)), ("name", .text(network.name)), ("parameters", parameters),
    ]
    // A training without populations takes no time.
    if network.run.duration > 0 { members += timedSections }
    if !network.data.isEmpty { members.append(("data", .object(network.data.map { ($0.name, json($0)) }))) }
    if let readout = network.readout { members.append(("readout", json(readout))) }
    if let train = network.train { members.append(("train", json(train))) }
    if !network.stopWhen.isEmpty { members.append(("stop_when", stopWhen)) }
    if let stream = network.stream { members.append(("stream", json(stream))) }
    return JSONText.object(members).pretty
  }

  private var timedSections: [JSONText.Member] {
    [
      ("run", run), ("populations", .object(network.populations.map { ($0.name, json($0)) })),
      ("inputs", .object(network.inputs.map { ($0.name, json($0)) })), ("projections", projections),
      ("record", .object(network.recordings.map { ($0.name, json($0)) })),
      ("output", .object([("spikes", .array(network.output.spikes.map { .text($0.rawValue) }))])),
    ]
  }
}
