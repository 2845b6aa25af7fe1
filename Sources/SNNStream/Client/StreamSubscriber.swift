import SNNSignals

/// Reads a stream and counts what it missed. Used by one thread.
public final class StreamSubscriber {
  /// What was lost of one topic since the first message of it that came.
  public struct Losses: Equatable, Sendable {
    /// Gaps in the sequence numbers.
    public var messages: UInt64 = 0
    /// Spikes in those messages.
    public var spikes: UInt64 = 0
    /// What the sender could not put into messages.
    public var dropped: UInt64 = 0
    public init() {}
  }

  /// Where a topic goes on after the last message of it.
  private struct Place {
    var sequence: UInt64
    var spikes: UInt64
  }

  private let socket: ZMQSocket
  private var places: [String: Place] = [:]
  /// By topic, of the present run.
  public private(set) var losses: [String: Losses] = [:]
  /// The run that messages come from.
  public private(set) var run: String?
  /// Messages that are not of the native format.
  public private(set) var malformed = 0

  /// - Parameters:
  ///   - endpoint: that of the stream.
  ///   - topics: prefixes of the topics to take; `[""]` for all.
  ///   - queue: messages that may wait here, while nobody asks for the ``next(timeout:)``; 0 for no bound.
  public init(
    _ endpoint: String, topics: [String] = [""], keys: StreamKeys? = nil, queue: Int = 100_000,
    context: ZMQContext = ZMQContext()
  ) throws(StreamError) {
    socket = try ZMQSocket(.sub, context)
    try socket.set(.receiveQueue, Int32(clamping: queue))
    try keys?.protectClient(socket)
    for topic in topics { try socket.subscribe(topic) }
    try socket.connect(endpoint)
  }

  /// The next message, waiting at most `milliseconds` for it (−1: for ever). Malformed ones are counted and skipped.
  public func next(timeout milliseconds: Int) throws(StreamError) -> StreamMessage? {
    while let frames = try socket.receive(timeout: milliseconds) {
      do {
        let message = try StreamMessage(frames)
        account(message)
        return message
      } catch { malformed += 1 }
    }
    return nil
  }

  private func account(_ message: StreamMessage) {
    let header = message.header
    if header.run != run {
      run = header.run
      places = [:]
      losses = [:]
    }
    if header.kind == .end {
      // The last messages may be lost as well: the end tells how many there were.
      for topic in header["topics"]?.items ?? [] {
        guard let name = topic["topic"]?.text, let next = topic["seq"]?.unsigned, let sent = topic["sent"]?.unsigned else {
          continue
        }
        let spikes = name.hasPrefix("spikes/") ? sent : 0
        advance(name, to: next, spikes: spikes, dropped: topic["dropped"]?.unsigned ?? 0)
      }
    } else {
      if places[message.topic] == nil {
        places[message.topic] = Place(sequence: header.sequence, spikes: header.first)
        losses[message.topic] = Losses()
      }
      advance(message.topic, to: header.sequence, spikes: header.first, dropped: header.dropped)
      let spikes = header.kind == .spikes ? UInt64(header.count) : 0
      places[message.topic] = Place(sequence: header.sequence &+ 1, spikes: header.first &+ spikes)
    }
  }

  /// Counts what is missing before message number `sequence`.
  private func advance(_ topic: String, to sequence: UInt64, spikes: UInt64, dropped: UInt64) {
    guard let place = places[topic], sequence >= place.sequence else { return }
    losses[topic]!.messages &+= sequence - place.sequence
    if spikes > place.spikes { losses[topic]!.spikes &+= spikes - place.spikes }
    losses[topic]!.dropped = dropped
    places[topic] = Place(sequence: sequence, spikes: max(spikes, place.spikes))
  }
}
