import SNNFiles
import SNNSignals

/// Writes `records/<name>.npz` of every change: `times` float64[n] in ms, `ids` uint32[n] (numbers of synapses) and float64[n] values
/// under the variable's name, one entry per change in the order of time. Several projections: each under `<projection>/`.
///
/// What holds before the first change stands first, at the beginning of the record.
public final class ChangeWriter: Checkpointed {
  private let stream: NPZStream
  private let columns: [(times: Int, ids: Int, values: Int)]

  init(path: String, projections: [String], variable: String, spool: RowSpool? = nil) throws {
    let stream = try NPZStream(path: path, spool: spool)
    self.stream = stream
    columns = projections.map { name in
      let prefix = projections.count > 1 ? name + "/" : ""
      return (
        stream.addGrowing(prefix + "times", .float64), stream.addGrowing(prefix + "ids", .uint32),
        stream.addGrowing(prefix + variable, .float64)
      )
    }
  }

  /// Appends changes of projection number `projection`.
  public func append(_ projection: Int, times: [Time], ids: [UInt32], values: [Double]) throws {
    precondition(times.count == ids.count && ids.count == values.count, "one id and one value for each change")
    stream.append(times.map(\.milliseconds), to: columns[projection].times)
    stream.append(ids, to: columns[projection].ids)
    stream.append(values, to: columns[projection].values)
    try stream.commit()
  }

  public func pass(through state: StateTransfer) throws { try stream.pass(through: state) }
  public func flush() throws { try stream.flush() }
  public func close() throws { try stream.close() }
}
