import Foundation
import SNNFiles
import SNNSignals

/// `spikes.h5` (see ``SNNFiles/SONATASpikeWriter``) or `spikes.npz`: of each population `<population>/times` (float64, ms) and
/// `<population>/ids` (uint32), in the order (time, id).
///
/// The file is made when the run ends, from rows that were collected: a half-written HDF5 or zip file can't be read.
public final class SpooledSpikeSink: SpikeSink {
  private let rows: RowSpool
  private let columns: [(times: Int, ids: Int)]
  private let write: (RowSpool) throws -> Void
  private var isOpen = true

  /// Spikes that are written at a time.
  private static let batch = 1 << 16

  private init(
    _ path: String, _ populations: [String], _ spool: RowSpool?, write: @escaping (RowSpool) throws -> Void
  ) throws {
    let rows =
      try spool
      ?? RowSpool(
        path: "\(path).\(ProcessInfo.processInfo.processIdentifier).rows.part", shownAs: path, isKept: false)
    columns = populations.map { (rows.add("\($0)/times", .float64), rows.add("\($0)/ids", .uint32)) }
    self.rows = rows
    self.write = write
  }

  /// - Parameter spool: without arrays; a temporary one beside `path` unless given.
  public static func sonata(path: String, populations: [String], spool: RowSpool? = nil) throws -> SpooledSpikeSink {
    try SONATASpikeWriter.check(populations, path: path)
    return try SpooledSpikeSink(path, populations, spool) { rows in
      let writer = try SONATASpikeWriter(path: path, populations: populations)
      for (number, name) in populations.enumerated() {
        var times = try rows.rows("\(name)/times")
        var ids = try rows.rows("\(name)/ids")
        while case let batch = try times.doubles(batch), !batch.isEmpty {
          try writer.append(population: number, times: batch, ids: try ids.ids(batch.count).map(UInt64.init))
        }
      }
      try writer.close()
    }
  }

  /// - Parameter spool: without arrays; a temporary one beside `path` unless given.
  public static func npz(path: String, populations: [String], spool: RowSpool? = nil) throws -> SpooledSpikeSink {
    try SpooledSpikeSink(path, populations, spool) { rows in try rows.writeNPZ(to: path) }
  }

  public func take(_ spikes: WindowSpikes) throws {
    for (population, list) in spikes.populations.enumerated() where !list.isEmpty {
      rows.append(list.map(\.time.milliseconds), to: columns[population].times)
      rows.append(list.map(\.id), to: columns[population].ids)
    }
    try rows.commit()
  }

  public func flush() throws { try rows.flush() }
  public func pass(through state: StateTransfer) throws { try rows.pass(through: state) }

  public func close() throws {
    guard isOpen else { return }
    isOpen = false
    defer { rows.close() }
    try flush()
    try write(rows)
  }
}

/// `spikes.csv`: a line `time_ms,population,id` per spike in the order (time, population, id).
///
/// A time is written as the exact decimal of its picoseconds, which reads back as the same double.
public final class CSVSpikeSink: SpikeSink {
  private let path: String
  private let lines: OutputFile
  private let isKept: Bool
  private let names: [[UInt8]]
  private var isOpen = true

  /// - Parameters:
  ///   - collected: where lines are collected until ``close()``; that file then stays. A temporary file unless given.
  ///   - isContinued: what is there counts as far as a checkpoint says.
  public init(path: String, populations: [String], collected: String? = nil, isContinued: Bool = false) throws {
    self.path = path
    isKept = collected != nil
    lines = try OutputFile(
      path: collected ?? "\(path).\(ProcessInfo.processInfo.processIdentifier).rows.part", shownAs: path,
      isContinued: isContinued)
    names = populations.map { name in
      let needsQuotes = name.contains { "\",\n\r ;\t".contains($0) }
      return Array(
        (needsQuotes
          ? "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : name).utf8)
    }
    if !isContinued { try lines.write(Array("time_ms,population,id\n".utf8)) }
  }

  deinit { if !isKept { unlink(lines.path) } }

  public func pass(through state: StateTransfer) throws {
    if !state.isRestoring { try flush() }
    var offset = lines.count
    try state.value(&offset)
    guard state.isRestoring else { return }
    try state.require(offset >= 0 && offset <= lines.size, "recorded data are missing in \(lines.path)")
    try lines.truncate(to: offset)
  }

  public func take(_ spikes: WindowSpikes) throws {
    var lines: [UInt8] = []
    for spike in spikes.ordered {
      appendMilliseconds(spike.time, to: &lines)
      lines.append(UInt8(ascii: ","))
      lines.append(contentsOf: names[Int(spike.population)])
      lines.append(UInt8(ascii: ","))
      appendDecimal(UInt64(spike.id), to: &lines)
      lines.append(0x0A)
    }
    try self.lines.write(lines)
  }
  public func flush() throws { try lines.flush() }
  public func close() throws {
    guard isOpen else { return }
    isOpen = false
    defer { if !isKept { unlink(lines.path) } }
    try lines.close()
    try AtomicFile.copy(lines.path, to: path)
  }
}

/// The exact decimal number of milliseconds with at least one digit after the point.
func appendMilliseconds(_ time: Time, to text: inout [UInt8]) {
  if time.picoseconds < 0 { text.append(UInt8(ascii: "-")) }
  let (whole, rest) = time.picoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
  appendDecimal(whole, to: &text)
  text.append(UInt8(ascii: "."))
  var fraction = rest
  var place: UInt64 = 100_000_000
  repeat {
    text.append(UInt8(ascii: "0") + UInt8(fraction / place))
    fraction %= place
    place /= 10
  } while fraction > 0
}

private func appendDecimal(_ number: UInt64, to text: inout [UInt8]) {
  let start = text.count
  var number = number
  repeat {
    text.append(UInt8(ascii: "0") + UInt8(number % 10))
    number /= 10
  } while number > 0
  text[start...].reverse()
}
