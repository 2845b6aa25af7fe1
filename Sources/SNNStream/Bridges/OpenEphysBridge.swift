import Foundation
import SNNSignals

/// The framing of the Open Ephys GUI's "ZMQ Interface", for the Python clients written for it: spikes and rates on a PUB socket,
/// heartbeats on a REP socket one port further.
///
/// One message carries one spike, so only so many a second are sent: the first of each hundredth of a second. What is left out
/// is counted.
final class OpenEphysBridge: StreamBridge {
  let name = "open_ephys"
  private let data: ZMQSocket
  private let requests: ZMQSocket
  private var number: UInt64 = 0
  private var sent: UInt64 = 0
  private var leftOut: UInt64 = 0
  /// Messages that may still be sent in this hundredth of a second.
  private var allowance = perHundredth
  private var hundredth: UInt64 = 0

  static let hint = "this program's framing knows no keys: keep it local, or allow it with --insecure-bind"
  static let mostPerSecond = 2000
  private static let perHundredth = mostPerSecond / 100
  /// Hz: what sample numbers of spikes count.
  static let sampleRate = 30_000
  private static let rateSampleRate = 1000 / StreamPlan.rateBin.milliseconds

  /// Clients draw the waveform and index it, and a point neuron has none: one period of a sine with a falling envelope.
  private static let waveform = StreamMessage.bytes(
    (0..<40).map { (i: Int) -> Float in
      let phase = 2 * Double.pi * Double(i) / 40
      return Float(-80 * exp(-Double(i) / 10) * sin(phase))
    })

  init(_ endpoint: StreamEndpoint, _ settings: StreamSettings, _ context: ZMQContext) throws(StreamError) {
    try settings.checkReach(of: endpoint, isProtected: false, hint: Self.hint)
    data = try ZMQSocket(.pub, context)
    try data.set(.sendQueue, settings.sendQueue)
    requests = try ZMQSocket(.rep, context)
    try requests.setLargestMessage(StreamSettings.largestRequest)
    let bound = try data.bind(endpoint.bindable)
    try requests.bind((StreamEndpoint(bound) ?? endpoint).control.bindable)
  }

  var socket: ZMQSocket? { requests }
  var summary: JSONText { .object([("sent", .unsigned(sent)), ("left_out", .unsigned(leftOut))]) }

  func take(_ spikes: UnsafeBufferPointer<Spike>, of population: StreamPlan.Population, wall: UInt64) {
    guard population.spikes else { return }
    for spike in spikes {
      guard allowance > 0 else {
        leftOut += 1
        continue
      }
      allowance -= 1
      sent += 1
      send(Self.frames(of: spike, population: population.name, number: number, wall: wall))
    }
  }

  func take(rate: Double, of population: StreamPlan.Population, at time: Time, wall: UInt64) {
    let channel = population.number + 1
    send(Self.frames(ofRate: rate, population: population.name, channel: channel, at: time, number: number, wall: wall))
  }

  private func send(_ frames: [[UInt8]]) {
    number += 1
    _ = try? data.send(frames)
  }

  static func frames(of spike: Spike, population: String, number: UInt64, wall: UInt64) -> [[UInt8]] {
    let content: [JSONText.Member] = [
      ("stream", .text("snnsim")), ("source_node", 100), ("electrode", .text(population)),
      ("sample_num", .integer(Int((spike.time.milliseconds * Double(sampleRate) / 1000).rounded()))),
      ("num_channels", 1), ("num_samples", .integer(waveform.count / 4)), ("sorted_id", .integer(Int(spike.id))),
      ("threshold", .array([.number(-50)])),
    ]
    return frames("EVENT", number, [("type", .text("spike")), ("spike", .object(content))], wall, waveform)
  }

  static func frames(
    ofRate rate: Double, population: String, channel: Int, at time: Time, number: UInt64, wall: UInt64
  ) -> [[UInt8]] {
    let payload = StreamMessage.bytes([Float(rate)])
    let content: [JSONText.Member] = [
      ("stream", .text("rate")), ("channel_num", .integer(channel)), ("channel_name", .text(population)), ("num_samples", 1),
      ("sample_num", .integer(time.stepsFloor(StreamPlan.rateBin) - 1)), ("sample_rate", .number(rateSampleRate)),
    ]
    return frames(
      "DATA", number, [("type", .text("data")), ("content", .object(content)), ("data_size", .integer(payload.count))], wall,
      payload)
  }

  /// The envelope is a C string, with its zero. `timestamp` is the wall's, in ms.
  private static func frames(
    _ envelope: String, _ number: UInt64, _ more: [JSONText.Member], _ wall: UInt64, _ payload: [UInt8]
  ) -> [[UInt8]] {
    var header: [JSONText.Member] = [("message_num", .unsigned(number))]
    header += more
    header.append(("timestamp", .unsigned(wall / 1_000_000)))
    return [Array(envelope.utf8) + [0], Array(JSONText.object(header).line.utf8), payload]
  }

  func flush(_ now: UInt64, _ time: Time, dropped: UInt64) {
    guard now / 10_000_000 != hundredth else { return }
    hundredth = now / 10_000_000
    allowance = Self.perHundredth
  }

  func serve() {
    for _ in 0..<64 {
      guard let frames = try? requests.receive() else { return }
      _ = try? requests.send([Array(Self.answer(to: frames).utf8)])
    }
  }

  private static func answer(to frames: [[UInt8]]) -> String {
    guard frames.count == 1, let tree = try? JSONTree(frames[0]), let type = JSONText(tree.root)["type"]?.text else {
      return "JSON message could not be read"
    }
    return type == "heartbeat" ? "heartbeat received" : "message correctly parsed"
  }

  func close() {
    try? data.set(.linger, StreamSettings.closingTime(.drop))
    data.close()
    requests.close()
  }
}
