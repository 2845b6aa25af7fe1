import SNNSignals

extension JSONSchema {
  var record: [Member] {
    Self.object(
      [
        ("what", Self.text("spikes, rate, a state variable, weight or delay")), ("of", Self.names("what is recorded from")),
        ("ids", Self.ids("a subset")), ("fraction", Self.described(Self.number, "the part of each population that is kept")),
        ("fraction_seed", Self.described(Self.integer, "seed of the choice; that of the run unless given")),
        (
          "every",
          Self.anyOf([
            Self.quantity(.ms, .positive, "interval between samples"), Self.choice(["change"], "weights and delays: each change"),
          ])
        ),
        (
          "histogram",
          Self.described(
            .object(
              Self.object(
                [("bins", Self.integer), ("low", Self.quantity(nil, .any, nil)), ("high", Self.quantity(nil, .any, nil))],
                required: ["bins", "low", "high"])), "weights and delays: how many synapses have which")
        ),
        ("from", Self.quantity(.ms, .nonNegative, "first moment", standard: .number(0))),
        ("to", Self.quantity(.ms, .nonNegative, "last moment; the end of the run unless given")),
      ], required: ["what", "of"])
  }

  var output: [Member] {
    let format = Self.choice(OutputPlan.SpikeFormat.allCases.map(\.rawValue), "file format of spikes")
    let list: JSONText = .object([("type", .text("array")), ("items", format), ("minItems", .integer(1))])
    return Self.object(
      [("spikes", Self.described(Self.anyOf([format, list]), "formats", standard: .array([.text("sonata")])))], required: [])
  }

  var stopWhen: [Member] {
    let rate: JSONText = .object(
      Self.object(
        [
          ("of", Self.names("populations or inputs with a size")),
          ("hz", Self.quantity(.Hz, .positive, "limit of the mean rate")),
          ("window", Self.quantity(.ms, .positive, "the mean is taken over this time", standard: .number(100))),
        ], required: ["of", "hz"]))
    let rates: JSONText = .object([("type", .text("array")), ("items", rate)])
    return Self.object(
      [
        ("rate_above", Self.anyOf([rate, rates])),
        ("wall_clock", Self.described(Self.number, "seconds, or a string with a unit")),
      ],
      required: [])
  }

  var stream: [Member] {
    let endpoint = "tcp://host:port or ipc://path"
    let topics: JSONText = .object([("type", .text("array")), ("items", Self.typed("string")), ("minItems", .integer(1))])
    return Self.object(
      [
        ("endpoint", Self.text("\(endpoint); \(StreamEndpoint.standard) unless given")),
        (
          "what",
          Self.described(
            Self.anyOf([Self.typed("string"), topics]), "spikes, rate, state, weights, or one of them with a slash and a name",
            standard: .array(StreamSection.everything.map { .text($0) }))
        ),
        (
          "policy",
          Self.choice(
            StreamPolicy.allCases.map(\.rawValue), "when a subscriber is slow: lose and count, or wait for it",
            standard: .text(StreamPolicy.drop.rawValue))
        ),
        ("realtime", Self.quantity(Unit.none, .range(1e-6...1e6), "simulated time per wall time that the run may not exceed")),
        ("open_ephys", Self.text("\(endpoint), for clients of Open Ephys")),
        ("plotjuggler", Self.text("\(endpoint), for PlotJuggler")),
      ], required: [])
  }
}
