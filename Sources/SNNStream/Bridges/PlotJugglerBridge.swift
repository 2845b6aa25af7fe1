import SNNSignals

/// What PlotJuggler's ZMQ subscriber draws without a plug-in: `rate/<population>` and `loss`, as JSON of scalars.
///
/// Three frames: topic, payload, and the wall's time as decimal text, in s since 1970. It must be text: the viewer parses it
/// without a guard. For simulated time tick "use field as timestamp: t".
final class PlotJugglerBridge: StreamBridge {
  let name = "plotjuggler"
  private let data: ZMQSocket
  private var sent: UInt64 = 0
  private var lastLoss: UInt64 = 0

  init(_ endpoint: StreamEndpoint, _ settings: StreamSettings, _ context: ZMQContext) throws(StreamError) {
    try settings.checkReach(of: endpoint, isProtected: false, hint: OpenEphysBridge.hint)
    data = try ZMQSocket(.pub, context)
    try data.set(.sendQueue, settings.sendQueue)
    try data.bind(endpoint.bindable)
  }

  var socket: ZMQSocket? { nil }
  var summary: JSONText { .object([("sent", .unsigned(sent)), ("left_out", .unsigned(0))]) }

  func take(_ spikes: UnsafeBufferPointer<Spike>, of population: StreamPlan.Population, wall: UInt64) {}

  func take(rate: Double, of population: StreamPlan.Population, at time: Time, wall: UInt64) {
    send("rate/\(population.name)", [("t", .number(time.milliseconds / 1000)), ("hz", .number(rate))], wall)
  }

  func flush(_ now: UInt64, _ time: Time, dropped: UInt64) {
    guard now - lastLoss > 200_000_000 else { return }
    lastLoss = now
    send("loss", [("t", .number(time.milliseconds / 1000)), ("spikes", .unsigned(dropped))], now)
  }

  private func send(_ topic: String, _ payload: [JSONText.Member], _ wall: UInt64) {
    sent += 1
    _ = try? data.send(Self.frames(topic, payload, wall: wall))
  }

  static func frames(_ topic: String, _ payload: [JSONText.Member], wall: UInt64) -> [[UInt8]] {
    let microseconds = String(wall % 1_000_000_000 / 1000)
    let time = "\(wall / 1_000_000_000)." + String(repeating: "0", count: 6 - microseconds.count) + microseconds
    return [Array(topic.utf8), Array(JSONText.object(payload).line.utf8), Array(time.utf8)]
  }

  func serve() {}

  func close() {
    try? data.set(.linger, StreamSettings.closingTime(.drop))
    data.close()
  }
}
