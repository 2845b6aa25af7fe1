import Foundation
import SNNCompiler
import SNNKernel
import SNNSignals
import SNNStream

/// The inputs of a run that come from outside, and the waiting for those that say so.
final class ExternalInputs: WindowObserver {
  private let inputs: [(name: String, source: ExternalSource, spikes: ExternalSpikes)]
  private var receivers: [SpikeReceiver] = []
  /// How far sources work ahead of what observers have seen.
  private let ahead: Time
  private let end: Time
  private let shouldStop: () -> Bool

  /// - Throws: when an endpoint can't be bound, or a latency is too short to wait for anybody.
  init(_ built: BuiltNetwork, end: Time, settings: RunSettings, shouldStop: @escaping () -> Bool) throws {
    inputs = built.external
    self.end = end
    self.shouldStop = shouldStop
    let window = built.network.windowLength
    // Observers see whole spans, and sources emit one window ahead.
    ahead = WindowLoop.span(of: window) + window
    for input in inputs where input.source.waits && input.source.latency < ahead {
      throw StreamError(
        "input \"\(input.name)\": with \"wait\" the latency of \(numberText(input.source.latency.milliseconds)) ms is too short: "
          + "the sender could not answer in time", cause: .input,
        hint: "at least \(numberText(ahead.milliseconds)) ms in this network")
    }
    var reach = StreamSettings(endpoint: .standard)
    reach.isInsecureAllowed = settings.stream?.isInsecureAllowed ?? false
    for (_, source, spikes) in inputs {
      receivers.append(
        try SpikeReceiver(source.endpoint, binds: source.socket == .pull, topic: source.topic, settings: reach) {
          $3 ? spikes.close() : spikes.add(times: $0, ids: $1, watermark: $2)
        })
    }
  }

  /// Waits until what sources will emit before the next call has come.
  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) {
    let now = window.end
    guard now < end else { return }
    for (_, source, spikes) in inputs where source.waits {
      while spikes.watermark < now + ahead - source.latency, !shouldStop() {
        var time = timespec(tv_sec: 0, tv_nsec: 50_000)
        nanosleep(&time, nil)
      }
    }
  }

  /// For the run's metrics.
  var metrics: [JSONText.Member] {
    guard !inputs.isEmpty else { return [] }
    let members = zip(inputs, receivers).map { input, receiver -> JSONText.Member in
      let counts = input.spikes.counts
      let members: [JSONText.Member] = [
        ("spikes", .integer(counts.came)), ("late", .integer(counts.late)), ("refused", .integer(counts.refused)),
        ("malformed_messages", .integer(receiver.malformed)),
      ]
      return (input.name, .object(members))
    }
    return [("stream_inputs", .object(members))]
  }

  func close() { for receiver in receivers { receiver.close() } }
}
