import SNNSignals

/// One message of the native format `snnsim/1`: topic, header and arrays, all numbers little-endian.
public struct StreamMessage: Sendable {
  /// `spikes/E/`: ends with a slash, so that a subscription to it takes no other.
  public var topic: String
  public var header: StreamHeader
  /// As on the wire.
  public var arrays: [[UInt8]]

  public init(topic: String, header: StreamHeader, arrays: [[UInt8]] = []) {
    self.topic = topic
    self.header = header
    self.arrays = arrays
  }

  /// Reads a message that came. What it promises about its arrays has been checked.
  public init(_ frames: [[UInt8]]) throws(StreamError) {
    guard frames.count >= 2 else { throw StreamError("a message needs a topic and a header") }
    topic = String(decoding: frames[0], as: UTF8.self)
    header = try StreamHeader(frames[1])
    arrays = Array(frames.dropFirst(2))
    let count = header.count
    func has(_ sizes: Int...) -> Bool {
      arrays.count >= sizes.count && zip(arrays, sizes).allSatisfy { $0.count / $1 == count && $0.count % $1 == 0 }
    }
    let isWhole =
      switch header.kind {
      case .spikes: has(8, 4)
      case .rate: has(8, 4)
      case .weights: has(4, 4, 4)
      // The values are a matrix of `count` rows.
      case .state: has(8) && arrays.count >= 2 && arrays[1].count.isMultiple(of: 4 * max(1, count))
      case .clock, .meta, .end: true
      }
    guard isWhole, header.types == header.kind.types else {
      throw StreamError("the arrays are not those that the header promises")
    }
  }

  /// What goes on the wire.
  public var frames: [[UInt8]] { [Array(topic.utf8), Array(header.text.utf8)] + arrays }

  /// The population, record or projection.
  public var name: String {
    let parts = topic.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count > 2 ? String(parts[1]) : ""
  }

  /// ms: of spikes, of samples, of rates.
  public var times: [Double] { header.kind == .weights ? [] : numbers(0) }
  /// Of spikes.
  public var ids: [UInt32] { header.kind == .spikes ? numbers(1) : [] }
  /// Of synapses.
  public var pre: [UInt32] { header.kind == .weights ? numbers(0) : [] }
  public var post: [UInt32] { header.kind == .weights ? numbers(1) : [] }
  /// Samples (one row after the other), rates in Hz per neuron, or weights.
  public var values: [Float] {
    switch header.kind {
    case .state, .rate: numbers(1)
    case .weights: numbers(2)
    case .spikes, .clock, .meta, .end: []
    }
  }

  private func numbers<Number: BitwiseCopyable>(_ array: Int) -> [Number] {
    guard arrays.indices.contains(array) else { return [] }
    return arrays[array].withUnsafeBytes { bytes in
      (0..<bytes.count / MemoryLayout<Number>.size).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)
      }
    }
  }

  /// The bytes of numbers, as every processor that Swift runs on has them: little-endian.
  static func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] { numbers.withUnsafeBytes { Array($0) } }
}
