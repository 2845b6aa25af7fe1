import SNNFiles
import SNNSignals

/// Spikes collected per population until there are enough for a write that pays.
private struct SpikeBatches {
  /// Spikes over all populations: 16 bytes each.
  static let capacity = 1 << 16
  var times: [[Double]]
  var ids: [[UInt32]]
  private var count = 0

  init(populations: Int) {
    times = Array(repeating: [], count: populations)
    ids = Array(repeating: [], count: populations)
  }

  var isFull: Bool { count >= Self.capacity }

  mutating func add(_ spikes: WindowSpikes) {
    for (population, list) in spikes.populations.enumerated() where !list.isEmpty {
      times[population].append(contentsOf: list.lazy.map(\.time.milliseconds))
      ids[population].append(contentsOf: list.lazy.map(\.id))
      count += list.count
    }
  }

  /// Hands over every population's batch and empties it.
  mutating func drain(_ write: (Int, [Double], [UInt32]) throws -> Void) rethrows {
    for population in times.indices where !times[population].isEmpty {
      try write(population, times[population], ids[population])
      times[population].removeAll(keepingCapacity: true)
      ids[population].removeAll(keepingCapacity: true)
    }
    count = 0
  }
}

/// `spikes.h5`: see ``SNNFiles/SONATASpikeWriter``.
public final class SONATASpikeSink: SpikeSink {
  private let writer: SONATASpikeWriter
  private var batches: SpikeBatches

  public init(path: String, populations: [String]) throws {
    writer = try SONATASpikeWriter(path: path, populations: populations)
    batches = SpikeBatches(populations: populations.count)
  }

  public func take(_ spikes: WindowSpikes) throws {
    batches.add(spikes)
    if batches.isFull { try write() }
  }
  public func flush() throws {
    try write()
    try writer.flush()
  }
  public func close() throws {
    try write()
    try writer.close()
  }

  private func write() throws {
    try batches.drain { try writer.append(population: $0, times: $1, ids: $2.map(UInt64.init)) }
  }
}

/// `spikes.npz`: arrays `<population>/times` (float64, ms) and `<population>/ids` (uint32), in the order (time, id).
public final class NPZSpikeSink: SpikeSink {
  private let stream: NPZStream
  private let members: [(times: Int, ids: Int)]
  private var batches: SpikeBatches

  public init(path: String, populations: [String]) throws {
    let stream = try NPZStream(path: path)
    members = populations.map { (stream.addGrowing("\($0)/times", .float64), stream.addGrowing("\($0)/ids", .uint32)) }
    self.stream = stream
    batches = SpikeBatches(populations: populations.count)
  }

  public func take(_ spikes: WindowSpikes) throws {
    batches.add(spikes)
    if batches.isFull { try write() }
  }
  public func flush() throws {
    try write()
    try stream.flush()
  }
  public func close() throws {
    try write()
    try stream.close()
  }

  private func write() throws {
    try batches.drain { population, times, ids in
      try stream.append(times, to: members[population].times)
      try stream.append(ids, to: members[population].ids)
    }
  }
}

/// `spikes.csv`: a line `time_ms,population,id` per spike in the order (time, population, id).
///
/// A time is written as the exact decimal of its picoseconds, which reads back as the same double.
public final class CSVSpikeSink: SpikeSink {
  private let file: AtomicFile
  private let output: OutputFile
  private let names: [[UInt8]]

  public init(path: String, populations: [String]) throws {
    file = AtomicFile(path: path)
    output = try OutputFile(path: file.temporaryPath, shownAs: path)
    names = populations.map { name in
      let needsQuotes = name.contains { "\",\n\r ;\t".contains($0) }
      return Array(
        (needsQuotes
          ? "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : name).utf8)
    }
    try output.write(Array("time_ms,population,id\n".utf8))
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
    try output.write(lines)
  }
  public func flush() throws { try output.flush() }
  public func close() throws {
    try output.close()
    try file.commit()
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
