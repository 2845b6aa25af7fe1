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
      check(entry, allowed: ["type", "path", "split", "first", "limit"], of: "a data set")
      if let plan = dataSet(member.key, entry) { plans.append(plan) }
    }
    return plans
  }

  private mutating func dataSet(_ name: String, _ members: Members) -> DataPlan? {
    let type = required("type", of: members, hint: "such as \"idx\"").flatMap { choice($0, among: ["idx"]) }
    let split = members["split"].flatMap { choice($0, among: ["train", "test"]) } ?? "train"
    let first = members["first"].flatMap { integer($0, in: 0...Int.max / 2) } ?? 0
    let limit = members["limit"].flatMap { integer($0, in: 1...Int.max / 2) }
    guard type != nil, let node = required("path", of: members, hint: "a folder with the files of MNIST"), let folder = text(node)
    else { return nil }
    // MNIST's own names.
    let prefix = split == "train" ? "train" : "t10k"
    guard let images = path(folder + "/\(prefix)-images-idx3-ubyte", endings: [".gz", ""], node),
      let labels = path(folder + "/\(prefix)-labels-idx1-ubyte", endings: [".gz", ""], node)
    else { return nil }
    return DataPlan(
      name: name, folder: URL(fileURLWithPath: images).deletingLastPathComponent().path, split: split, images: images,
      labels: labels, first: first, limit: limit, location: location(members.node))
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
