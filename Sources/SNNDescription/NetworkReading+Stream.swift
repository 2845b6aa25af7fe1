import SNNSignals

extension NetworkReading {
  mutating func stream(_ node: Node, _ table: NameTable, _ recordings: [RecordPlan]) -> StreamSection? {
    guard let members = members(node, expected: "an object", hint: "\"stream\": {\"endpoint\": \"tcp://127.0.0.1:5570\"}") else {
      return nil
    }
    check(members, allowed: ["endpoint", "what", "policy", "realtime", "open_ephys", "plotjuggler"], of: "\"stream\"")
    let endpoint = members["endpoint"].map { self.endpoint($0) } ?? .standard
    let what = members["what"].map { streamTopics($0, table, recordings) } ?? StreamSection.everything
    let policy = members["policy"].map { choice($0, among: StreamPolicy.allCases.map(\.rawValue)) } ?? StreamPolicy.drop.rawValue
    let realtime = members["realtime"].flatMap { quantity($0, .none, .range(1e-6...1e6)) }
    let openEphys = members["open_ephys"].flatMap { self.endpoint($0) }
    let plotJuggler = members["plotjuggler"].flatMap { self.endpoint($0) }
    guard let endpoint, let what, let policy = policy.flatMap(StreamPolicy.init(rawValue:)) else { return nil }
    return StreamSection(
      endpoint: endpoint, what: what, policy: policy, realtime: realtime, openEphys: openEphys, plotJuggler: plotJuggler,
      location: location(node))
  }

  private mutating func endpoint(_ node: Node) -> StreamEndpoint? {
    guard let text = text(node) else { return nil }
    if let endpoint = StreamEndpoint(text) { return endpoint }
    report(node, "\"\(text.prefix(60))\" is no endpoint", hint: StreamEndpoint.form)
    return nil
  }

  private mutating func streamTopics(_ node: Node, _ table: NameTable, _ recordings: [RecordPlan]) -> [String]? {
    guard let names = names(node) else { return nil }
    var isComplete = true
    for (topic, node) in names {
      let parts = topic.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard StreamSection.everything.contains(parts[0]) else {
        let hint = suggestion(for: parts[0], among: StreamSection.everything, title: "can be streamed")
        report(node, "\"\(topic.prefix(60))\" can't be streamed", hint: hint)
        isComplete = false
        continue
      }
      guard parts.count == 2 else { continue }
      let known =
        switch parts[0] {
        case "state": recordings.filter { if case .state = $0.what { true } else { false } }.map(\.name)
        case "weights": recordings.filter { $0.what == .weight && $0.every != nil }.flatMap(\.of)
        default: table.list.map(\.name)
        }
      if !known.contains(parts[1]) {
        report(
          node, "there is no \"\(parts[1])\" whose \(parts[0]) could be streamed",
          hint: suggestion(for: parts[1], among: known, title: "known"))
        isComplete = false
      }
    }
    return isComplete ? names.map(\.name) : nil
  }
}
