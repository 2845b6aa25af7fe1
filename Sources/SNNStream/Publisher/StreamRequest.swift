import SNNSignals

/// A request on the control channel: one JSON object with `cmd`.
package enum StreamRequest {
  /// Those whose answer depends on the run.
  package enum Question { case meta, status }

  private static let commands = ["meta", "status", "pause", "resume", "stop", "set", "checkpoint"]

  /// Carries out a request; whatever it is, there is a reply with `ok`.
  /// - Parameter answer: members of the reply to a question.
  package static func reply(
    to request: [UInt8], controls: StreamControls, answer: (Question) -> [JSONText.Member]
  ) -> JSONText {
    let json: JSONText
    do throws(JSONTree.Problem) { json = JSONText(try JSONTree(request).root) } catch {
      return refusal("bad-json", "column \(error.column): \(error.problem)", nil)
    }
    let id = json["id"]
    guard let command = json["cmd"]?.text else {
      return refusal("bad-request", "expected one object with \"cmd\": one of \(commands.joined(separator: ", "))", id)
    }
    switch command {
    case "meta": return done(id, answer(.meta))
    case "status": return done(id, answer(.status))
    case "pause", "resume":
      controls.isPaused = command == "pause"
      return done(id)
    case "stop":
      controls.requestStop()
      return done(id)
    case "set": return set(json, controls, id)
    case "checkpoint":
      guard controls.canCheckpoint else { return refusal("unsupported", "this run has no directory for checkpoints", id) }
      controls.requestCheckpoint()
      return done(id)
    default:
      return refusal("unknown-command", "no command \"\(command.prefix(40))\"; known: \(commands.joined(separator: ", "))", id)
    }
  }

  /// `{"cmd": "set", "path": "realtime", "value": 1}`; null lets the run go as fast as it can.
  private static func set(_ json: JSONText, _ controls: StreamControls, _ id: JSONText?) -> JSONText {
    guard let path = json["path"]?.text, let value = json["value"] else {
      return refusal("bad-request", "\"set\" needs \"path\" and \"value\"", id)
    }
    let parameters = controls.liveParameters
    if let number = parameters.firstIndex(where: { $0.path == path }) {
      let parameter = parameters[number]
      guard let value = value.number, value.isFinite, parameter.bound.allows(value) else {
        let range = parameter.bound.text.map { " \($0)" } ?? ""
        return refusal("bad-value", "\(path) is a number\(range), in \(parameter.unit.rawValue)", id)
      }
      controls.set(LiveChange(parameter: number, value: value))
      return done(id, [(path, .number(value))])
    }
    guard path == "realtime" else {
      let known = (["realtime"] + parameters.map(\.path)).joined(separator: ", ")
      return refusal("not-live", "\"\(path.prefix(60))\" can't change while the run goes on; live: \(known)", id)
    }
    if case .null = value {
      controls.realtime = nil
    } else if let factor = value.number, StreamControls.allows(realtime: factor) {
      controls.realtime = factor
    } else {
      return refusal("bad-value", "realtime is a factor from 1e-6 to 1e6, or null", id)
    }
    return done(id, [("realtime", JSONText(controls.realtime))])
  }

  private static func done(_ id: JSONText?, _ more: [JSONText.Member] = []) -> JSONText {
    var members: [JSONText.Member] = [("ok", .boolean(true))]
    if let id { members.append(("id", id)) }
    return .object(members + more)
  }

  private static func refusal(_ code: String, _ problem: String, _ id: JSONText?) -> JSONText {
    var members: [JSONText.Member] = [("ok", .boolean(false)), ("error", .text(problem)), ("code", .text(code))]
    if let id { members.append(("id", id)) }
    return .object(members)
  }
}
