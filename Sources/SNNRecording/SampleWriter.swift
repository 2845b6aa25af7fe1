import SNNFiles
import SNNSignals

/// Writes `records/<name>.npz`: state variables sampled over time, in memory that does not grow.
///
/// One population: `times` float64[t] in ms, `ids` uint32[k], one float64[t, k] array per variable under the variable's name.
/// Several populations: `times`, and for each population `<population>/ids` and `<population>/<variable>`.
/// Records of synapses have projections for populations; `ids` are numbers of synapses, with their neurons in `pre` and `post`.
public final class SampleWriter: Checkpointed {
  /// The neurons of one population that are sampled.
  public struct Group: Sendable {
    public var population: String
    public var ids: [UInt32]
    /// Further columns about what is sampled: of synapses, their neurons.
    public var labels: [(name: String, values: [UInt32])]
    public init(population: String, ids: [UInt32], labels: [(name: String, values: [UInt32])] = []) {
      self.population = population
      self.ids = ids
      self.labels = labels
    }
  }
  private let stream: NPZStream
  private let times: Int
  /// One per group and variable, and how many values make a row of it.
  private var series: [(member: Int, width: Int)] = []

  public init(path: String, groups: [Group], variables: [String], spool: RowSpool? = nil) throws {
    stream = try NPZStream(path: path, spool: spool)
    times = stream.addGrowing("times", .float64)
    for group in groups {
      let prefix = groups.count > 1 ? group.population + "/" : ""
      stream.add(prefix + "ids", NPYArray(group.ids))
      for label in group.labels { stream.add(prefix + label.name, NPYArray(label.values)) }
      for variable in variables {
        series.append((stream.addGrowing(prefix + variable, .float64, rowShape: [group.ids.count]), group.ids.count))
      }
    }
  }

  /// Appends samples at these times.
  /// - Parameter values: for the first group each variable, then the second group, …: t rows of k values, row after row.
  public func append(times: [Time], values: [[Double]]) throws {
    precondition(values.count == series.count, "one list for each group and variable")
    stream.append(times.map(\.milliseconds), to: self.times)
    for ((member, width), list) in zip(series, values) {
      precondition(list.count == times.count * width, "t × k values")
      stream.append(list, to: member)
    }
    try stream.commit()
  }

  public func flush() throws { try stream.flush() }
  public func pass(through state: StateTransfer) throws { try stream.pass(through: state) }
  public func close() throws { try stream.close() }
}
