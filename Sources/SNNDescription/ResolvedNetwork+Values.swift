import SNNSignals

extension ResolvedNetwork {
  func names(_ names: [String]) -> JSONText { .array(names.map { .text($0) }) }

  func json(_ ids: [UInt32]) -> JSONText { .array(ids.map { .integer(Int($0)) }) }

  func json(_ source: ValueSource) -> JSONText {
    switch source {
    case .number(let x): return .number(x)
    case .list(let list): return .array(list.map { .number($0) })
    case .file(let path): return .object([("file", .text(path))])
    case .distribution(.uniform(let low, let high)):
      return .object([("dist", .text("uniform")), ("low", .number(low)), ("high", .number(high))])
    case .distribution(.normal(let mean, let sd, let lowest, let highest)):
      var members: [Member] = [("dist", .text("normal")), ("mean", .number(mean)), ("sd", .number(sd))]
      if let lowest { members.append(("min", .number(lowest))) }
      if let highest { members.append(("max", .number(highest))) }
      return .object(members)
    case .distribution(.lognormal(let mean, let sd)):
      return .object([("dist", .text("lognormal")), ("mean", .number(mean)), ("sd", .number(sd))])
    case .distribution(.exponential(let scale)):
      return .object([("dist", .text("exponential")), ("mean", .number(scale))])
    }
  }

  /// The values of `fields`, in their order.
  func values(_ values: [String: ValueSource], in fields: [FieldDescription]) -> [Member] {
    fields.compactMap { field in values[field.name].map { (field.name, json($0)) } }
  }

  func fields(_ values: [String: FieldValue], of entry: EntryDescription?) -> [Member] {
    (entry?.fields ?? []).compactMap { field in values[field.name].map { (field.name, json($0)) } }
  }

  private func json(_ value: FieldValue) -> JSONText {
    switch value {
    case .value(let source): json(source)
    case .number(let x): .number(x)
    case .integer(let n): .integer(n)
    case .boolean(let b): .boolean(b)
    case .text(let text): .text(text)
    case .numbers(let list): .array(list.map { .number($0) })
    case .ids(let ids): json(ids)
    case .integers(let list): .array(list.map { .integer($0) })
    case .names(let all): names(all)
    case .path(let path): .text(path)
    }
  }
}
