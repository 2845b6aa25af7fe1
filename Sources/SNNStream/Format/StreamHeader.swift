import SNNSignals

/// What a message of the native format carries.
public enum StreamKind: String, Sendable, CaseIterable {
  case spikes, state, weights, rate, clock, meta, end

  /// NumPy's names of the arrays behind the header.
  public var types: [String] {
    switch self {
    case .spikes: ["<f8", "<u4"]
    case .state, .rate: ["<f8", "<f4"]
    case .weights: ["<u4", "<u4", "<f4"]
    case .clock, .meta, .end: []
    }
  }
}

/// The second frame of every message of the native format `snnsim/1`.
public struct StreamHeader: Sendable {
  public static let version: UInt64 = 1

  public var kind: StreamKind
  /// One UUID for each run.
  public var run: String
  /// Number of the message on its topic: a subscriber that misses one has lost it.
  public var sequence: UInt64
  /// Spikes, samples or synapses.
  public var count: Int
  /// The simulated time that the message covers, ms: (start, end].
  public var start: Double
  public var end: Double
  /// ms. Nothing at or before this time will follow on the topic.
  public var watermark: Double
  /// When the kernel handed over the oldest of the contents: ns since 1970.
  public var wall: UInt64
  /// Spikes (or samples) of this topic that were lost before they could be put into messages.
  public var dropped: UInt64
  public var types: [String]
  /// Of spikes: how many the messages before this one held, so that a gap can be counted in spikes.
  public var first: UInt64
  /// Everything else: what `meta/` and `end/` are about.
  public var more: [JSONText.Member]

  public init(
    kind: StreamKind, run: String, sequence: UInt64 = 0, count: Int = 0, start: Double = 0, end: Double = 0,
    watermark: Double = 0, wall: UInt64 = 0, dropped: UInt64 = 0, first: UInt64 = 0, more: [JSONText.Member] = []
  ) {
    self.kind = kind
    self.run = run
    self.sequence = sequence
    self.count = count
    self.start = start
    self.end = end
    self.watermark = watermark
    self.wall = wall
    self.dropped = dropped
    types = kind.types
    self.first = first
    self.more = more
  }

  /// One of ``more``.
  public subscript(key: String) -> JSONText? { more.first { $0.0 == key }?.1 }

  /// The frame.
  public var text: String { JSONText.object(members).line }

  public var members: [JSONText.Member] {
    var members: [JSONText.Member] = [
      ("v", .unsigned(Self.version)), ("kind", .text(kind.rawValue)), ("run", .text(run)), ("seq", .unsigned(sequence)),
      ("n", .integer(count)), ("t0", .number(start)), ("t1", .number(end)), ("watermark", .number(watermark)),
      ("wall_ns", .unsigned(wall)), ("dropped", .unsigned(dropped)), ("dtype", .array(types.map { .text($0) })),
    ]
    if kind == .spikes { members.append(("first", .unsigned(first))) }
    return members + more
  }

  /// Reads the frame. Unknown members are kept in ``more``.
  public init(_ frame: [UInt8]) throws(StreamError) {
    let json: JSONText
    do throws(JSONTree.Problem) { json = JSONText(try JSONTree(frame).root) } catch {
      throw StreamError("the header is no JSON: \(error.problem)")
    }
    guard let members = json.members else { throw StreamError("the header is no JSON object") }
    guard json["v"]?.unsigned == Self.version else { throw StreamError("the header is of another version") }
    guard let kind = json["kind"]?.text.flatMap(StreamKind.init(rawValue:)) else { throw StreamError("unknown kind of message") }
    guard let run = json["run"]?.text, let sequence = json["seq"]?.unsigned,
      let count = json["n"]?.unsigned.flatMap({ Int(exactly: $0) }), let start = json["t0"]?.number,
      let end = json["t1"]?.number, let watermark = json["watermark"]?.number, let wall = json["wall_ns"]?.unsigned,
      let dropped = json["dropped"]?.unsigned, let types = json["dtype"]?.items?.map({ $0.text ?? "" })
    else { throw StreamError("a member of the header is missing or of the wrong type") }
    let known: Set = [
      "v", "kind", "run", "seq", "n", "t0", "t1", "watermark", "wall_ns", "dropped", "dtype", "first",
    ]
    self.init(
      kind: kind, run: run, sequence: sequence, count: count, start: start, end: end, watermark: watermark, wall: wall,
      dropped: dropped, first: json["first"]?.unsigned ?? 0, more: members.filter { !known.contains($0.0) })
    self.types = types
  }
}
