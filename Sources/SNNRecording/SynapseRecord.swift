import SNNFiles

/// What a file of `records/` holds of the weights or delays of one projection.
public struct SynapseRecord: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    /// Of all recorded synapses at each time, row after row.
    case samples([Double])
    /// At each time one synapse has a new value.
    case changes(ids: [UInt32], values: [Double])
    /// At each time, how many synapses lie between two edges, row after row.
    case histograms(edges: [Double], counts: [Double])
  }
  /// `nil` when the record is of one projection only.
  public var projection: String?
  /// ms.
  public var times: [Double]
  public var values: Values

  /// Reads what the file has of `variable`, "weight" or "delay"; nothing when it is of something else.
  public static func read(path: String, _ variable: String) throws -> [SynapseRecord] {
    try read(try NPZFile(path: path), variable)
  }

  static func read(_ file: any ArrayFile, _ variable: String) throws -> [SynapseRecord] {
    try file.names.compactMap { name in
      let slash = name.lastIndex(of: "/")
      let prefix = slash.map { String(name[...$0]) } ?? ""
      let projection = slash.map { String(name[..<$0]) }
      switch name.dropFirst(prefix.count) {
      case "\(variable)_count":
        return SynapseRecord(
          projection: projection, times: try file.column("times"),
          values: .histograms(edges: try file.column("edges"), counts: try file.array(name).doubles))
      case variable:
        let array = try file.array(name)
        if array.shape.count == 1 {
          return SynapseRecord(
            projection: projection, times: try file.column(prefix + "times"),
            values: .changes(ids: try file.ids(prefix + "ids"), values: array.doubles))
        }
        return SynapseRecord(projection: projection, times: try file.column("times"), values: .samples(array.doubles))
      default: return nil
      }
    }
  }

  /// Whether a file of `records/` is of changes or histograms, and so has no samples of each recorded thing.
  static func isOfEvents(_ file: any ArrayFile) throws -> Bool {
    if file.contains("edges") { return true }
    // Samples of several populations share one list of times, changes do not.
    guard file.contains("times") else { return true }
    return try ["weight", "delay"].contains { try file.contains($0) && file.array($0).shape.count == 1 }
  }
}

extension RunDirectory {
  /// The plastic projections whose final synapses are there, in alphabetical order.
  public var plasticProjections: [String] { names(in: "weights") }

  /// The final weights, or delays in ms, of a projection.
  public func final(_ variable: String, of projection: String) throws -> [Double] {
    try NPZFile(path: path + "/weights/\(fileName(for: projection)).npz").column(variable)
  }

  /// What a record holds of the weights or delays of projections.
  public func synapseRecords(_ name: String, _ variable: String) throws -> [SynapseRecord] {
    try SynapseRecord.read(try recordFile(name), variable)
  }
}
