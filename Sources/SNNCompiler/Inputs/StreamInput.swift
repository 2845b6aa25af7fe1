import SNNDescription
import SNNKernel
import SNNSignals

/// Spikes from another program, while the run goes on.
enum StreamInput: CompiledInput {
  static let description = EntryDescription(
    category: .input, name: "stream",
    summary: "Plays spikes that another program sends while the run goes on; source i gets the spikes with id i.",
    equations: """
      a spike stamped t by its sender, in simulated ms, leaves its source at t + latency
      later than that when it comes too late for it: then at the next moment that is open, or never (late)
      with wait, the run waits until the sender's watermark has reached what is needed, so that none is late
      """,
    source: "messages spikes/<name>/ of the stream format snnsim/1",
    fields: [
      FieldDescription("endpoint", .text, default: .required, .any, "tcp://host:port or ipc://path"),
      FieldDescription(
        "socket", .choice(ExternalSource.Socket.allCases.map(\.rawValue)), default: .text("sub"), .any,
        "sub connects to a publisher, pull is bound and takes from whoever pushes"),
      FieldDescription("topic", .text, default: .text("spikes/"), .any, "beginning of the topics that sub takes"),
      FieldDescription("latency", .scalar, .ms, default: .number(10), .nonNegative, "from a spike's stamp to its being played"),
      FieldDescription(
        "late", .choice(ExternalSpikes.Lateness.allCases.map(\.rawValue)), default: .text("next"), .any,
        "what happens to a spike that comes too late; it is counted"),
      FieldDescription("wait", .boolean, default: .boolean(false), .any, "wait for the sender's watermark"),
    ])

  static func signal(_ fields: InputFields, count: Int, _ values: inout ValueResolver) -> InputSignal? {
    guard case .text(let text) = fields.plan.fields["endpoint"], case .text(let socket) = fields.plan.fields["socket"],
      case .text(let topic) = fields.plan.fields["topic"], case .text(let late) = fields.plan.fields["late"],
      case .boolean(let waits) = fields.plan.fields["wait"], let latency = fields.number("latency"),
      let kind = ExternalSource.Socket(rawValue: socket), let lateness = ExternalSpikes.Lateness(rawValue: late)
    else { return nil }
    guard let endpoint = StreamEndpoint(text) else {
      values.errors.append(
        DescriptionError(fields.location("endpoint"), "\"\(text.prefix(60))\" is no endpoint", hint: StreamEndpoint.form))
      return nil
    }
    return .external(
      ExternalSource(
        endpoint: endpoint, socket: kind, topic: topic, latency: Time(milliseconds: latency), lateness: lateness, waits: waits))
  }
}
