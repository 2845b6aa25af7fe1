import Foundation
import SNNFiles
import SNNSignals

/// The spikes of a run on their way into a file: of each population `<population>/times` (float64, ms) and `<population>/ids`
/// (uint32), in the order (time, id).
final class SpikeRows: Checkpointed {
  let spool: RowSpool
  private let columns: [(times: Int, ids: Int)]

  /// - Parameter spool: without arrays; a temporary one beside `path` unless given.
  init(path: String, populations: [String], spool: RowSpool?) throws {
    let spool =
      try spool
      ?? RowSpool(
        path: "\(path).\(ProcessInfo.processInfo.processIdentifier).rows.part", shownAs: path, isKept: false)
    columns = populations.map { (spool.add("\($0)/times", .float64), spool.add("\($0)/ids", .uint32)) }
    self.spool = spool
  }

  func take(_ spikes: WindowSpikes) throws {
    for (population, list) in spikes.populations.enumerated() where !list.isEmpty {
      spool.append(list.map(\.time.milliseconds), to: columns[population].times)
      spool.append(list.map(\.id), to: columns[population].ids)
    }
    try spool.commit()
  }

  func pass(through state: StateTransfer) throws { try spool.pass(through: state) }
}

/// `spikes.h5`: see ``SNNFiles/SONATASpikeWriter``. It is made when the run ends: a half-written HDF5 file can't be read.
public final class SONATASpikeSink: SpikeSink {
  private let path: String
  private let populations: [String]
  private let rows: SpikeRows
  private var isOpen = true

  /// Spikes that are written at a time.
  private static let batch = 1 << 16

  public init(path: String, populations: [String], spool: RowSpool? = nil) throws {
    try SONATASpikeWriter.check(populations, path: path)
    self.path = path
    self.populations = populations
    rows = try SpikeRows(path: path, populations: populations, spool: spool)
  }

  public func take(_ spikes: WindowSpikes) throws { try rows.take(spikes) }
  public func flush() throws { try rows.spool.flush() }
  public func pass(through state: StateTransfer) throws { try rows.pass(through: state) }

  public func close() throws {
    guard isOpen else { return }
    isOpen = false
    defer { rows.spool.close() }
    try flush()
    let writer = try SONATASpikeWriter(path: path, populations: populations)
    for (number, name) in populations.enumerated() {
      var times = try rows.spool.rows("\(name)/times")
      var ids = try rows.spool.rows("\(name)/ids")
      while case let batch = try times.doubles(Self.batch), !batch.isEmpty {
        try writer.append(population: number, times: batch, ids: try ids.ids(batch.count).map(UInt64.init))
      }
    }
    try writer.close()
  }
}

/// `spikes.npz`: arrays `<population>/times` (float64, ms) and `<population>/ids` (uint32), in the order (time, id).
public final class NPZSpikeSink: SpikeSink {
  private let path: String
  private let rows: SpikeRows
  private var isOpen = true

  public init(path: String, populations: [String], spool: RowSpool? = nil) throws {
    self.path = path
    rows = try SpikeRows(path: path, populations: populations, spool: spool)
  }

  public func take(_ spikes: WindowSpikes) throws { try rows.take(spikes) }
  public func flush() throws { try rows.spool.flush() }
  public func pass(through state: StateTransfer) throws { try rows.pass(through: state) }

  public func close() throws {
    guard isOpen else { return }
    isOpen = false
    defer { rows.spool.close() }
    try rows.spool.writeNPZ(to: path)
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
