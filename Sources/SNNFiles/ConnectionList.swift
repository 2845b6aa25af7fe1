/// Connections read from a file, one entry of each list per connection.
///
/// - `.csv` (also `.gz`): a header with `pre`, `post` and perhaps `weight`, `delay`.
/// - `.npz`: arrays of the same names.
/// - `.h5`: SONATA edges; `source_node_id`, `target_node_id` and, in group `0`, perhaps `syn_weight` and `delay`.
public struct ConnectionList: Sendable, Equatable {
  public var pre: [UInt32]
  public var post: [UInt32]
  /// As in the file, without a unit; `nil` when the file has none.
  public var weight: [Double]?
  /// In ms; `nil` when the file has none.
  public var delay: [Double]?
  /// SONATA: the node populations that the ids count in.
  public var sourcePopulation: String?
  public var targetPopulation: String?

  public init(
    pre: [UInt32], post: [UInt32], weight: [Double]? = nil, delay: [Double]? = nil, sourcePopulation: String? = nil,
    targetPopulation: String? = nil
  ) {
    self.pre = pre
    self.post = post
    self.weight = weight
    self.delay = delay
    self.sourcePopulation = sourcePopulation
    self.targetPopulation = targetPopulation
  }

  /// - Parameter population: of edges, for a SONATA file; may be `nil` when the file holds only one.
  public static func read(path: String, population: String? = nil) throws -> ConnectionList {
    let name = path.lowercased()
    let list: ConnectionList
    if name.hasSuffix(".h5") || name.hasSuffix(".hdf5") {
      list = try sonata(HDF5File(path: path), population)
    } else if name.hasSuffix(".npz") {
      list = try npz(NPZFile(path: path))
    } else if [".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz"].contains(where: name.hasSuffix) {
      list = try csv(CSVTable(path: path))
    } else {
      throw FileError.read(
        path, "is of no known kind of connection file", hint: "known endings are .csv (also .csv.gz), .npz and .h5")
    }
    return try list.checked(path)
  }

  private func checked(_ path: String) throws -> ConnectionList {
    for (name, count) in [("post", post.count), ("weight", weight?.count), ("delay", delay?.count)] {
      if let count, count != pre.count {
        throw FileError.read(path, "has \(pre.count) entries of \"pre\" but \(count) of \"\(name)\"")
      }
    }
    for (name, values) in [("weight", weight), ("delay", delay)] {
      if let bad = values?.firstIndex(where: { !$0.isFinite }) {
        throw FileError.read(path, "\(name) of connection \(bad) is \(values![bad])")
      }
    }
    if let delay, let bad = delay.firstIndex(where: { $0 < 0 }) {
      throw FileError.read(path, "delay of connection \(bad) is \(delay[bad]) ms; delays are positive")
    }
    return self
  }

  private static func csv(_ table: CSVTable) throws -> ConnectionList {
    let pre = try table.ids(table.requireIndex(of: ["pre"], for: "sending neurons"))
    let post = try table.ids(table.requireIndex(of: ["post"], for: "receiving neurons"))
    return ConnectionList(
      pre: pre, post: post, weight: try table.index(of: "weight").map(table.numbers),
      delay: try table.index(of: "delay").map(table.numbers))
  }

  private static func npz(_ file: NPZFile) throws -> ConnectionList {
    return ConnectionList(
      pre: try file.ids("pre"), post: try file.ids("post"), weight: file.contains("weight") ? try file.column("weight") : nil,
      delay: file.contains("delay") ? try file.column("delay") : nil)
  }

  private static func sonata(_ file: HDF5File, _ population: String?) throws -> ConnectionList {
    guard file.contains("/edges") else { throw file.missing("/edges") }
    let group = "/edges/" + (try chosen(population, of: try file.names(in: "/edges"), in: file.path))
    let groups = try file.names(in: group).filter { Int($0) != nil }
    guard groups.isEmpty || groups == ["0"] else {
      throw FileError.read(file.path, "\(group) has the edge groups \(listed(groups)); only a single group \"0\" is read")
    }
    let source = "\(group)/source_node_id"
    let target = "\(group)/target_node_id"
    var list = ConnectionList(pre: try file.ids(source), post: try file.ids(target))
    list.sourcePopulation = try file.text(of: source, attribute: "node_population")
    list.targetPopulation = try file.text(of: target, attribute: "node_population")

    // Attributes stand in the order of edge_group_index, which is usually, but not necessarily, that of the edges.
    let order = file.contains("\(group)/edge_group_index") ? try file.ids("\(group)/edge_group_index") : nil
    func attribute(_ name: String) throws -> [Double]? {
      guard file.contains("\(group)/0/\(name)") else { return nil }
      let values = try file.doubles("\(group)/0/\(name)")
      guard let order else { return values }
      return try order.map { index in
        guard index < values.count else {
          throw FileError.read(file.path, "edge_group_index points to \(index), beyond the \(values.count) values of \(name)")
        }
        return values[Int(index)]
      }
    }
    list.weight = try attribute("syn_weight")
    list.delay = try attribute("delay")
    return list
  }
}
