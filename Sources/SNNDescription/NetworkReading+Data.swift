import Foundation
import SNNSignals

extension NetworkReading {
  /// The section `data`: named sets of labelled samples.
  mutating func dataSets(_ node: Node) -> [DataPlan] {
    guard let members = members(node, expected: "an object of data sets") else { return [] }
    var plans: [DataPlan] = []
    for (member, key) in zip(members.list, members.keys) {
      checkName(member.key, key, of: "a data set")
      guard let entry = self.members(member.node, expected: "an object") else { continue }
      if let plan = dataSet(member.key, entry) { plans.append(plan) }
    }
    return plans
  }

  private mutating func dataSet(_ name: String, _ members: Members) -> DataPlan? {
    let types = vocabulary.entries(.data).map(\.name)
    guard let typeNode = required("type", of: members, hint: "such as \"idx\""), let type = choice(typeNode, among: types),
      let entry = vocabulary.entry(.data, type)
    else { return nil }
    check(members, allowed: ["type", "first", "limit"] + entry.fields.map(\.name), of: "a data set of type \"\(type)\"")
    let first = members["first"].flatMap { integer($0, in: 0...Int.max / 2) } ?? 0
    let limit = members["limit"].flatMap { integer($0, in: 1...Int.max / 2) }
    let count = errors.count
    var fields = fields(entry, members, counts: [])
    if type == "idx" { imageFiles(&fields, members) }
    guard errors.count == count else { return nil }
    return DataPlan(name: name, type: type, fields: fields, first: first, limit: limit, location: location(members.node))
  }

  /// The two files of a set of type `idx`, in place of the folder with MNIST's own names.
  private mutating func imageFiles(_ fields: inout [String: FieldValue], _ members: Members) {
    guard members["images"] == nil || members["labels"] == nil else {
      if let node = members["path"] {
        report(node, "\"images\" and \"labels\" name the files: \"path\" has no meaning beside them")
      }
      return
    }
    for (key, other) in [("images", "labels"), ("labels", "images")] where members[key] != nil {
      report(members.node, "the required key \"\(other)\" is missing beside \"\(key)\"")
      return
    }
    guard case .path(let folder) = fields.removeValue(forKey: "path"), let node = members["path"] else {
      if members["path"] == nil {
        report(members.node, "the required key \"path\" is missing", hint: "a folder with the files of MNIST")
      }
      return
    }
    var prefix = "train"
    if case .text("test") = fields["split"] { prefix = "t10k" }
    for (key, file) in [("images", "images-idx3"), ("labels", "labels-idx1")] {
      fields[key] = path(folder + "/\(prefix)-\(file)-ubyte", endings: [".gz", ""], node).map { .path($0) }
    }
  }

  /// The section `readout`.
  mutating func readout(_ node: Node, _ table: NameTable, _ inputs: [InputPlan], _ data: [DataPlan]) -> ReadoutPlan? {
    guard let members = members(node, expected: "an object") else { return nil }
    check(members, allowed: ["of", "input", "assign", "test"], of: "a readout")
    func known(_ key: String, _ names: [String], _ what: String) -> String? {
      guard let node = required(key, of: members), let name = text(node) else { return nil }
      if names.contains(name) { return name }
      report(node, "there is no \(what) \"\(name)\"", hint: suggestion(for: name, among: names, title: "known"))
      return nil
    }
    let of = known("of", table.list.filter { !$0.isInput }.map(\.name), "population")
    let input = known("input", inputs.filter { $0.type == "dataset" }.map(\.name), "input of type dataset")
    let played = inputs.first { $0.name == input }.flatMap { if case .names(let all) = $0.fields["data"] { all } else { nil } }
    let assign = known("assign", played ?? data.map(\.name), "data set in that input")
    let test = known("test", played ?? data.map(\.name), "data set in that input")
    guard let of, let input, let assign, let test else { return nil }
    return ReadoutPlan(of: of, input: input, assign: assign, test: test, location: location(members.node))
  }
}
