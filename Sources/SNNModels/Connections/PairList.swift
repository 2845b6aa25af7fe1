import SNNDynamics
import SNNSignals

/// The synapses one by one, as (pre, post) with weight and delay where given.
public struct PairList: ConnectionRule {
  public var pre: [UInt32]
  public var post: [UInt32]
  /// As many as pairs, or nil: the projection's weight counts.
  public var weight: [Double]?
  /// ms; as many as pairs, or nil: the projection's delay counts.
  public var delay: [Double]?

  public init(pre: [UInt32], post: [UInt32], weight: [Double]? = nil, delay: [Double]? = nil) {
    self.pre = pre
    self.post = post
    self.weight = weight
    self.delay = delay
  }

  public init(fields: [String: FieldValue]) throws { try self.init(rule: "list", fields: fields) }

  init(rule: String, fields: [String: FieldValue]) throws {
    let fields = RuleFields(rule: rule, fields: fields)
    pre = try fields.ids("pre")
    post = try fields.ids("post")
    weight = try fields.numbers("weight")
    delay = try fields.numbers("delay")
  }

  public static let description = EntryDescription(
    category: .rule, name: "list", summary: "Makes the listed synapses.", equations: "pre[i] → post[i]", source: "",
    fields: [
      FieldDescription("pre", .ids, default: .required, .any, "source neuron of each synapse, from 0"),
      FieldDescription("post", .ids, default: .required, .any, "target neuron of each synapse, from 0"),
      FieldDescription("weight", .numbers, default: .absent, .any, "weight of each synapse, unit of the target model"),
      FieldDescription("delay", .numbers, .ms, default: .absent, .positive, "delay of each synapse"),
    ])

  public var listedWeights: [Double]? { weight }
  public var listedDelays: [Double]? { delay }

  public func problems(_ shape: ProjectionShape) -> [String] {
    var problems: [String] = []
    for (name, n) in [("post", post.count), ("weight", weight?.count), ("delay", delay?.count)] {
      if let n, n != pre.count { problems.append("\(name) has \(n) entries but pre has \(pre.count)") }
    }
    if let i = pre.firstIndex(where: { $0 >= shape.sources }) {
      problems.append("pre[\(i)] is \(pre[i]), but the source has \(shape.sources) neurons, numbered from 0")
    }
    if let i = post.firstIndex(where: { $0 >= shape.targets }) {
      problems.append("post[\(i)] is \(post[i]), but the target has \(shape.targets) neurons, numbered from 0")
    }
    if let i = weight?.firstIndex(where: { !$0.isFinite }) { problems.append("weight[\(i)] is not a finite number") }
    if let delay, let i = delay.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      problems.append("delay[\(i)] is \(delay[i]) ms, but delays must be greater than 0")
    }
    return problems
  }

  public func expectedSynapses(_ shape: ProjectionShape) -> Double { Double(pre.count) }

  public func connectivity(_ shape: ProjectionShape) -> Connectivity {
    .byTarget(SourcesByTarget(targets: shape.targets, sources: pre, targets: post))
  }
}

/// The synapses one by one, from a file. Who reads the network file reads this one too and adds what it holds to the fields,
/// as `pre`, `post`, `weight` and `delay`: no rule opens a file.
public struct PairFile: ConnectionRule {
  public var pairs: PairList

  public init(pairs: PairList) { self.pairs = pairs }
  public init(fields: [String: FieldValue]) throws { pairs = try PairList(rule: "file", fields: fields) }

  public static let description = EntryDescription(
    category: .rule, name: "file", summary: "Makes the synapses listed in a file.",
    equations: "CSV with the header pre,post,weight,delay; npz with arrays of these names; SONATA edges (h5)",
    source: "Dai et al. (2020), doi:10.1371/journal.pcbi.1007696",
    fields: [FieldDescription("path", .path, default: .required, .any, "CSV, npz or h5 file; weight and delay may be absent")])

  public var listedWeights: [Double]? { pairs.weight }
  public var listedDelays: [Double]? { pairs.delay }
  public func problems(_ shape: ProjectionShape) -> [String] { pairs.problems(shape) }
  public func expectedSynapses(_ shape: ProjectionShape) -> Double { pairs.expectedSynapses(shape) }
  public func connectivity(_ shape: ProjectionShape) -> Connectivity { pairs.connectivity(shape) }
}
