import SNNSignals

/// How far a topic has come.
public struct StreamProgress: Sendable, Equatable {
  public var topic: String
  /// Of the next message.
  public var sequence: UInt64
  /// Spikes or samples sent.
  public var sent: UInt64
  public var dropped: UInt64

  public init(topic: String, sequence: UInt64, sent: UInt64, dropped: UInt64) {
    self.topic = topic
    self.sequence = sequence
    self.sent = sent
    self.dropped = dropped
  }
}

/// What of one topic waits to be sent, and what was.
struct StreamTopic {
  let name: String
  let kind: StreamKind
  /// Of the next message.
  private(set) var sequence: UInt64 = 0
  /// Spikes or samples sent.
  private(set) var sent: UInt64 = 0
  var dropped: UInt64 = 0
  /// Spikes, samples or synapses that wait.
  private(set) var count = 0
  private var arrays: [[UInt8]]
  /// Since the last message; the end of what it covers.
  private var start = Time.zero
  private(set) var end = Time.zero
  private var wall: UInt64 = 0
  /// ns since 1970 of the last message.
  private(set) var lastSend: UInt64 = 0

  /// More spikes than this don't wait for each other.
  static let largestBatch = 16_384

  /// - Parameter plan: says where the topic begins.
  init(_ kind: StreamKind, _ name: String, _ plan: StreamPlan) {
    let topic = name.isEmpty ? "\(kind.rawValue)/" : "\(kind.rawValue)/\(name)/"
    self.kind = kind
    self.name = topic
    arrays = kind.types.map { _ in [] }
    (start, end) = (plan.begin, plan.begin)
    guard let progress = plan.progress.first(where: { $0.topic == topic }) else { return }
    (sequence, sent, dropped) = (progress.sequence, progress.sent, progress.dropped)
  }

  var progress: StreamProgress { StreamProgress(topic: name, sequence: sequence, sent: sent, dropped: dropped) }

  /// Adds spikes as the kernel keeps them.
  mutating func append(spikes: UnsafeRawBufferPointer, _ record: StreamRing.Record) {
    let spikes = spikes.bindMemory(to: Spike.self)
    note(record, adding: spikes.count)
    Self.extend(&arrays[0], by: spikes.count, of: Double.self) { spikes[$0].time.milliseconds }
    Self.extend(&arrays[1], by: spikes.count, of: UInt32.self) { spikes[$0].id }
  }

  /// Appends the bytes of `count` numbers.
  private static func extend<Number: BitwiseCopyable>(
    _ bytes: inout [UInt8], by count: Int, of: Number.Type, _ number: (Int) -> Number
  ) {
    let before = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count * MemoryLayout<Number>.size))
    bytes.withUnsafeMutableBytes { all in
      for i in 0..<count {
        all.storeBytes(of: number(i), toByteOffset: before + i * MemoryLayout<Number>.size, as: Number.self)
      }
    }
  }

  /// Adds rows of samples: their times, then the matrix.
  mutating func append(samples: UnsafeRawBufferPointer, _ record: StreamRing.Record) {
    let rows = Int(record.rows)
    note(record, adding: rows)
    arrays[0].append(contentsOf: samples.prefix(8 * rows))
    Self.append(samples.dropFirst(8 * rows), toFloats: &arrays[1])
  }

  /// Replaces what waits by the newest weights.
  mutating func replace(weights: UnsafeRawBufferPointer, _ record: StreamRing.Record, pre: [UInt8], post: [UInt8]) {
    if count > 0 { dropped += 1 }
    count = 0
    arrays = [pre, post, []]
    note(record, adding: weights.count / 8)
    Self.append(weights[...], toFloats: &arrays[2])
  }

  /// Adds the rate of one bin.
  mutating func append(rate: Double, at time: Time, wall: UInt64) {
    note(
      StreamRing.Record(
        topic: 0, rows: 0, bytes: 0, start: end.picoseconds, end: time.picoseconds, wall: wall, dropped: dropped), adding: 1)
    Self.extend(&arrays[0], by: 1, of: Double.self) { _ in time.milliseconds }
    Self.extend(&arrays[1], by: 1, of: Float.self) { _ in Float(rate) }
  }

  private mutating func note(_ record: StreamRing.Record, adding more: Int) {
    if count == 0 { wall = record.wall }
    count += more
    end = Time(picoseconds: record.end)
    dropped = max(dropped, record.dropped)
  }

  private static func append(_ doubles: Slice<UnsafeRawBufferPointer>, toFloats floats: inout [UInt8]) {
    let doubles = UnsafeRawBufferPointer(rebasing: doubles)
    extend(&floats, by: doubles.count / 8, of: Float.self) {
      Float(doubles.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self))
    }
  }

  /// Takes what waits, or an empty message, with the next sequence number.
  /// - Parameter watermark: nil when it is the end of what waits.
  mutating func message(run: String, watermark: Time?, now: UInt64, more: [JSONText.Member] = []) -> StreamMessage {
    let end = watermark.map { max($0, self.end) } ?? self.end
    let header = StreamHeader(
      kind: kind, run: run, sequence: sequence, count: count, start: start.milliseconds, end: end.milliseconds,
      watermark: end.milliseconds, wall: count == 0 ? now : wall, dropped: dropped, first: kind == .spikes ? sent : 0, more: more)
    let message = StreamMessage(topic: name, header: header, arrays: arrays)
    sequence += 1
    sent += UInt64(kind == .weights ? 1 : count)
    clear()
    start = end
    self.end = end
    lastSend = now
    return message
  }

  /// Gives up what waits: no room for it.
  mutating func drop() {
    dropped += UInt64(kind == .weights ? 1 : count)
    clear()
  }

  private mutating func clear() {
    count = 0
    for i in arrays.indices { arrays[i].removeAll(keepingCapacity: kind != .weights) }
  }

  /// For `end/` and the status.
  var summary: JSONText {
    .object([
      ("topic", .text(name)), ("seq", .unsigned(sequence)), ("sent", .unsigned(sent)), ("dropped", .unsigned(dropped)),
    ])
  }
}

/// Counts spikes in bins.
struct RateBins {
  let size: Int
  private var count = 0
  private var end: Time

  /// - Parameter begin: of the run; the first bin is the one that it lies in.
  init(size: Int, begin: Time) {
    self.size = size
    end = StreamPlan.rateBin * (begin.stepsFloor(StreamPlan.rateBin) + 1)
  }

  mutating func append(_ spikes: UnsafeRawBufferPointer, finished: (Double, Time) -> Void) {
    for spike in spikes.bindMemory(to: Spike.self) {
      if spike.time > end { finish(through: Time(picoseconds: spike.time.picoseconds - 1), finished) }
      count += 1
    }
  }

  /// Gives out the bins that end by `time`, because nothing more can fall into them.
  mutating func finish(through time: Time, _ finished: (Double, Time) -> Void) {
    while end <= time {
      finished(Double(count) / Double(max(1, size)) / (StreamPlan.rateBin.milliseconds / 1000), end)
      count = 0
      end = end + StreamPlan.rateBin
    }
  }
}
