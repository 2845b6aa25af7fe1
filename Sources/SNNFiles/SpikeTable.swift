/// Spikes read from a file: times in ms, finite and not negative, and neuron ids, sorted by (time, id).
///
/// - `.h5`, `.hdf5`: SONATA. `/spikes/<population>/{timestamps, node_ids}`, or the old `/spikes/{timestamps, gids}`.
/// - `.npz`: arrays `times` (or `times_ms`, `timestamps`) and `ids` (or `node_ids`), or `<population>/times` and `<population>/ids`.
/// - `.csv`, `.txt`, `.dat`, also with `.gz`: a header with `time_ms` (or `time`, `times`, `timestamps`, `t`) and `id` (or `ids`,
///   `node_ids`, `gids`) and perhaps `population`; or two columns, time and id, without a header.
/// - `.bs1`: SLAYER's one-dimensional events.
public struct SpikeTable: Sendable, Equatable {
  public var times: [Double]
  public var ids: [UInt32]

  public init(times: [Double], ids: [UInt32]) {
    self.times = times
    self.ids = ids
  }

  /// - Parameter population: which one to read; may be `nil` when the file holds only one.
  public static func read(path: String, population: String? = nil) throws -> SpikeTable {
    let name = path.lowercased().hasSuffix(".gz") ? String(path.lowercased().dropLast(3)) : path.lowercased()
    let ending = name.split(separator: ".").last.map(String.init) ?? ""
    let table: SpikeTable
    switch ending {
    case "h5", "hdf5": table = try sonata(HDF5File(path: path), population)
    case "npz": table = try npz(NPZFile(path: path), population)
    case "csv", "txt", "dat", "tsv": table = try csv(CSVTable(path: path), population)
    case "bs1": table = try slayer(contents(of: path), path)
    default:
      throw FileError.read(
        path, "is of no known kind of spike file", hint: "known endings are .h5, .npz, .csv (also .csv.gz) and .bs1")
    }
    return try table.checked(path)
  }

  /// The populations a spike file tells apart; empty when it has none.
  public static func populations(path: String) throws -> [String] {
    if path.hasSuffix(".h5") { return try sonataPopulations(HDF5File(path: path)) }
    if path.hasSuffix(".npz") { return npzPopulations(try NPZFile(path: path)) }
    let table = try CSVTable(path: path)
    return table.index(of: "population").map { distinct(table.texts($0)) } ?? []
  }

  private func checked(_ path: String) throws -> SpikeTable {
    guard times.count == ids.count else {
      throw FileError.read(path, "has \(times.count) spike times but \(ids.count) ids")
    }
    if let bad = times.firstIndex(where: { !($0 >= 0 && $0 < .infinity) }) {
      throw FileError.read(path, "spike \(bad) has the time \(times[bad]) ms; times are finite and not negative")
    }
    let isSorted = times.indices.dropFirst().allSatisfy { (times[$0 - 1], ids[$0 - 1]) <= (times[$0], ids[$0]) }
    if isSorted { return self }
    let order = times.indices.sorted { (times[$0], ids[$0]) < (times[$1], ids[$1]) }
    return SpikeTable(times: order.map { times[$0] }, ids: order.map { ids[$0] })
  }

  // MARK: - SONATA

  private static func sonataPopulations(_ file: HDF5File) throws -> [String] {
    guard file.contains("/spikes") else { throw file.missing("/spikes") }
    return try file.names(in: "/spikes").filter { file.isGroup("/spikes/\($0)") }
  }

  private static func sonata(_ file: HDF5File, _ population: String?) throws -> SpikeTable {
    let populations = try sonataPopulations(file)
    var group = "/spikes"
    if population != nil || !file.contains("/spikes/timestamps") {
      group += "/" + (try chosen(population, of: populations, in: file.path))
    }
    let ids = ["node_ids", "gids"].first { file.contains("\(group)/\($0)") } ?? "node_ids"
    let units = try file.text(of: "\(group)/timestamps", attribute: "units")
    guard ["ms", "milliseconds", "millisecond", nil].contains(units) else {
      throw FileError.read(file.path, "\(group)/timestamps is in \"\(units!)\"; ms are needed")
    }
    return SpikeTable(times: try file.doubles("\(group)/timestamps"), ids: try file.ids("\(group)/\(ids)"))
  }

  // MARK: - NumPy

  private static func npzPopulations(_ file: NPZFile) -> [String] {
    file.names.filter { $0.hasSuffix("/times") }.map { String($0.dropLast("/times".count)) }
  }

  private static func npz(_ file: NPZFile, _ population: String?) throws -> SpikeTable {
    let populations = npzPopulations(file)
    var prefix = ""
    if population != nil && !(populations.isEmpty && file.contains("times")) || !populations.isEmpty {
      prefix = try chosen(population, of: populations, in: file.path) + "/"
    }
    func name(_ candidates: [String]) -> String { prefix + (candidates.first { file.contains(prefix + $0) } ?? candidates[0]) }
    return SpikeTable(
      times: try file.column(name(["times", "times_ms", "time_ms", "timestamps"])),
      ids: try file.ids(name(["ids", "id", "node_ids"])))
  }

  // MARK: - Text

  private static func csv(_ table: CSVTable, _ population: String?) throws -> SpikeTable {
    if table.names.isEmpty {
      guard table.columnCount == 2 else {
        throw FileError.read(
          table.path, "has \(table.columnCount) columns and no header", hint: "spikes need a time and an id column, or a header")
      }
      return SpikeTable(times: try table.numbers(0), ids: try table.ids(1))
    }
    let time = try table.requireIndex(of: ["time_ms", "time", "times", "timestamps", "t"], for: "spike times")
    let id = try table.requireIndex(of: ["id", "ids", "node_ids", "node_id", "gids", "gid"], for: "neurons")
    let all = SpikeTable(times: try table.numbers(time), ids: try table.ids(id))
    guard let column = table.index(of: "population"), table.rowCount > 0 else { return all }
    let names = table.texts(column)
    let wanted = try chosen(population, of: distinct(names), in: table.path)
    let rows = names.indices.filter { names[$0] == wanted }
    return SpikeTable(times: rows.map { all.times[$0] }, ids: rows.map { all.ids[$0] })
  }

  // MARK: - SLAYER

  /// Five bytes an event: neuron as 16 bits, then one unused bit and the time in µs as 23 bits, both big-endian.
  /// Shrestha & Orchard (2018), https://github.com/bamsumit/slayerPytorch
  private static func slayer(_ bytes: [UInt8], _ path: String) throws -> SpikeTable {
    guard bytes.count % 5 == 0 else {
      throw FileError.read(path, "is truncated: \(bytes.count) bytes are no whole number of 5-byte events")
    }
    let events = stride(from: 0, to: bytes.count, by: 5)
    return SpikeTable(
      times: events.map { Double(Int(bytes[$0 + 2] & 0x7F) << 16 | Int(bytes[$0 + 3]) << 8 | Int(bytes[$0 + 4])) / 1000 },
      ids: events.map { UInt32(bytes[$0]) << 8 | UInt32(bytes[$0 + 1]) })
  }
}

private func distinct(_ names: [String]) -> [String] { Set(names).sorted() }

/// The population asked for, or the only one.
func chosen(_ population: String?, of populations: [String], in path: String) throws -> String {
  if let population {
    if populations.contains(population) { return population }
    throw FileError.read(path, "has no population \"\(population)\"", hint: "it has \(listed(populations))")
  }
  guard populations.count == 1 else {
    let hint = populations.isEmpty ? nil : "name one of \(listed(populations))"
    throw FileError.read(path, populations.isEmpty ? "holds no population" : "holds \(populations.count) populations", hint: hint)
  }
  return populations[0]
}
