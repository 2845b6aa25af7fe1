import SNNSignals

/// Where and how a run is streamed.
public struct StreamSettings: Sendable {
  public var endpoint: StreamEndpoint
  public var policy = StreamPolicy.drop
  /// See ``StreamControls/realtime``.
  public var realtime: Double?
  /// CURVE certificates; without them anyone who reaches the endpoint can read and control.
  public var keys: StreamKeys?
  /// Allows an endpoint that other machines reach without keys.
  public var isInsecureAllowed = false
  /// The run begins when there are so many subscriptions.
  public var awaitedSubscriptions = 0
  /// s: how long the stream stays after the end of the run, to be asked and to repeat `end/`.
  public var linger = 0.0
  /// Endpoints of the framings of other viewers.
  public var openEphys: StreamEndpoint?
  public var plotJuggler: StreamEndpoint?

  /// Bytes that may wait between kernel and network: two seconds of a million spikes a second.
  static let ringBytes = 1 << 25
  /// Messages that may wait for one subscriber: some five seconds.
  var sendQueue: Int32 = 4000
  /// ms between two messages of one topic, while it has something to tell.
  static let tick = 5
  /// ms that closing waits for subscribers to take what is on its way to them.
  static func closingTime(_ policy: StreamPolicy) -> Int32 { policy == .block ? 10_000 : 200 }
  /// Bytes of samples and weights that may wait for slow subscribers in all.
  static let largestBacklog = 1 << 28
  /// ms between two messages of one projection's weights.
  static let weightsInterval: UInt64 = 200
  /// Bytes of the largest request.
  static let largestRequest: Int64 = 1 << 16

  public init(endpoint: StreamEndpoint) { self.endpoint = endpoint }
}
