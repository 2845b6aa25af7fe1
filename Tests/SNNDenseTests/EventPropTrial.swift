import SNNSignals
import SNNTraining

@testable import SNNDense

/// Random events for `EventProp`, the same on every machine.
func eventBatch(_ count: Int, channels: Int, classes: Int, spikes: Int, until end: Double, seed: UInt64 = 1) -> Batch {
  var numbers = Numbers(seed)
  var batch = Batch(
    inputs: [], count: count, steps: 0, features: channels, labels: (0..<count).map { $0 % classes }, ids: Array(0..<count))
  batch.events = (0..<count).map { _ in
    (0..<spikes).map { _ in
      SampleEvent(time: Float(end * numbers.uniform()), channel: UInt32(Double(channels) * numbers.uniform()))
    }.sorted { $0.time < $1.time }
  }
  return batch
}

/// A small network that spikes several times per neuron in 60 ms.
func smallEventProp(
  seed: UInt64 = 7, parallel: Parallel = .serial, _ change: (inout EventProp.Parameters) -> Void = { _ in }
) throws -> EventProp {
  var p = EventProp.Parameters()
  (p.layers, p.isRecurrent, p.duration) = ([6, 5], true, 60)
  (p.weightMean, p.weightDeviation, p.recurrentDeviation) = ([1.5, 1.5], [1, 1], 1)
  (p.outputMean, p.outputDeviation, p.hasOutputDelays) = (1, 1, true)
  (p.initialDelay, p.recurrentDelay, p.longestDelay) = (8, 6, 20)
  change(&p)
  return try EventProp(p, LearnerSetup(features: 5, steps: 0, classes: 3, seed: seed, parallel: parallel))
}
