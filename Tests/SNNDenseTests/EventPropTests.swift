import Foundation
import SNNSignals
import SNNTraining
import Testing

@testable import SNNDense

@Suite struct EventPropTests {
  private static func batch(_ seed: UInt64 = 1) -> Batch {
    eventBatch(3, channels: 5, classes: 3, spikes: 14, until: 30, seed: seed)
  }

  /// Central differences of fourth order of the mean loss against the gradient of every weight and every delay.
  private func compare(_ net: inout EventProp, _ batch: Batch) -> (compared: Int, skipped: Int, worst: Double) {
    let measured = net.learn(batch, at: Moment())
    let arrays = (net.forward + net.recurrent).flatMap { [$0.weight, $0.delay].compactMap { $0 } }
    let gradients = arrays.map { ($0.value, $0.gradient.values) }
    let largest = gradients.flatMap(\.1).map { abs($0) }.max()!
    let h = 2e-5
    var (compared, skipped, worst) = (0, 0, 0.0)
    for (matrix, gradient) in gradients {
      for i in 0..<matrix.count {
        let value = matrix.start[i]
        let there = [-2.0, -1, 1, 2].map { step in
          matrix.start[i] = value + step * h
          return net.learn(batch, at: Moment())
        }
        matrix.start[i] = value
        // A loss jumps where a spike appears or vanishes: there is nothing to compare with.
        guard there.allSatisfy({ $0["spikes"] == measured["spikes"] }) else {
          skipped += 1
          continue
        }
        let loss = there.map { $0["loss"]! }
        let slope = (loss[0] - 8 * loss[1] + 8 * loss[2] - loss[3]) / (12 * h)
        compared += 1
        // Differences of losses near 1 have no more than some 10⁻¹⁰ to say.
        worst = max(worst, abs(slope - gradient[i]) / (abs(gradient[i]) + 1e-4 * largest))
      }
    }
    return (compared, skipped, worst)
  }

  @Test(
    "Gradients of all weights and delays of a recurrent network are those of central differences, to 1e-5",
    arguments: zip([EventProp.Output.mean, .max, .firstSpike], [1, 2, 3] as [UInt64]))
  func differences(output: EventProp.Output, seed: UInt64) throws {
    var net = try smallEventProp(seed: seed) {
      $0.output = output
      ($0.optimiser.rate, $0.delayRate, $0.wake) = (0, 0, 0)
      ($0.outputScale, $0.outputMean) = output == .firstSpike ? (0.2, 2.5) : (1, 0.2)
    }
    let result = compare(&net, Self.batch(seed))
    #expect(net.learn(Self.batch(seed), at: Moment())["spikes"]! > 1)
    // 30 + 30 + 15 weights between layers, 36 + 25 within; as many delays.
    #expect(result.compared + result.skipped == 272 && result.skipped < 14)
    #expect(result.worst < 1e-5, "\(result)")
  }

  @Test("The same for a membrane that is faster than its current, without delays") func fastMembrane() throws {
    var net = try smallEventProp {
      ($0.tauM, $0.tauSyn, $0.delays, $0.hasOutputDelays, $0.layers) = (6, 9, .none, false, [7])
      ($0.weightMean, $0.weightDeviation) = ([1.5], [1])
      ($0.optimiser.rate, $0.wake) = (0, 0)
    }
    let result = compare(&net, Self.batch())
    #expect(result.compared > 95 && result.worst < 1e-5, "\(result)")
  }

  @Test("One neuron and one input spike have spike time, slope, adjoint variables and gradient of an independent solution")
  func anchor() {
    // Of the published equations with a delay, by another program: tau_m 20, tau_s 5, threshold 1; an input spike at 1, weight 8,
    // delay 3; the loss is the time of the first spike.
    var layer = EventLayer(LeakyNeuron(tauM: 20, tauS: 5, threshold: 1), size: 1)
    let synapses = EventSynapses(weight: Matrix(1, 1, [8]), delay: Matrix(1, 1, [3]))
    let inputs = [TimedSpike(time: 1, neuron: 0)]
    let isFinished = layer.run(inputs, synapses, recurrent: nil, until: 60, limit: 100)
    #expect(isFinished)
    #expect(abs(layer.spikes[0].time - 8.116609) < 1e-6)
    #expect(abs(layer.spikes[0].slope - 0.125588) < 1e-6)
    layer.derivatives[0] = 1
    let gradient = synapses.zeros
    var derivatives = [0.0]
    layer.goBack(inputs, synapses, gradient, recurrent: nil, until: 60, &derivatives)
    #expect(abs(gradient.weight[0, 0] - -0.995315) < 1e-6)
    // Shifting the only input shifts the output.
    #expect(abs(gradient.delay![0, 0] - 1) < 1e-12 && abs(derivatives[0] - 1) < 1e-12)
    let current = -gradient.weight[0, 0] / 5
    #expect(abs(current - 0.199063) < 1e-6)
    #expect(abs(1.0 / 8 + current - 0.324063) < 1e-6)
  }

  @Test("Delays alone, from zero, tell two orders of two spikes apart in less than 200 epochs") func order() throws {
    var p = EventProp.Parameters()
    (p.layers, p.output, p.tauOutput, p.duration) = ([], .max, 10, 60)
    (p.outputMean, p.outputDeviation, p.optimiser.rate) = (1, 0, 0)
    (p.hasOutputDelays, p.initialDelay, p.delayRate) = (true, 0, 1)
    var net = try EventProp(p, LearnerSetup(features: 2, steps: 0, classes: 2, seed: 1))
    var batch = Batch(inputs: [], count: 2, steps: 0, features: 2, labels: [0, 1], ids: [0, 1])
    batch.events = [[0, 1], [1, 0]].map { order in
      [SampleEvent(time: 5, channel: order[0]), SampleEvent(time: 15, channel: order[1])]
    }
    #expect(net.answer(batch) == [0, 0])
    for epoch in 0..<200 { _ = net.learn(batch, at: Moment(epoch: epoch, step: epoch)) }
    #expect(net.answer(batch) == [0, 1])
    #expect(net.forward[0].weight.value.values == [1, 1, 1, 1])
    // The input that comes first in a class waits for the other.
    let delay = net.forward[0].delay!.value
    #expect(delay[0, 0] > delay[1, 0] && delay[1, 1] > delay[0, 1])
    #expect(delay.values.allSatisfy { (0...p.longestDelay).contains($0) })
  }

  @Test("A training has the same bits on any number of threads, and taken up from its state it goes on as it would have")
  func sameBits() throws {
    let batches = (1...3 as ClosedRange<UInt64>).map {
      eventBatch(11, channels: 5, classes: 3, spikes: 14, until: 30, seed: $0)
    }
    func train(_ net: inout EventProp, _ range: Range<Int>) {
      for step in range { _ = net.learn(batches[step], at: Moment(epoch: step, step: step)) }
    }
    var (one, many) = (try smallEventProp(), try smallEventProp(parallel: threaded))
    train(&one, 0..<3)
    train(&many, 0..<3)
    #expect(one.state == many.state)
    #expect(one.answer(batches[0]) == many.answer(batches[0]))
    #expect(one.state == many.state && Set(one.state.map(\.name)).count == one.state.count)
    var (cut, resumed) = (try smallEventProp(), try smallEventProp())
    #expect(cut.state != one.state)
    train(&cut, 0..<2)
    try resumed.restore(cut.state)
    train(&resumed, 2..<3)
    #expect(resumed.state == one.state)
  }

  @Test("Fixed delays stay, learned ones move, and without delays there are none") func kinds() throws {
    for kind in DelayLearning.allCases {
      var net = try smallEventProp { ($0.delays, $0.hasOutputDelays) = (kind, false) }
      let before = net.forward[0].delay?.value.values
      let weights = net.forward[0].weight.value.values
      _ = net.learn(Self.batch(), at: Moment())
      #expect((before == nil) == (kind == .none))
      #expect((net.forward[0].delay?.value.values == before) == (kind != .learned))
      #expect(net.forward[0].weight.value.values != weights)
    }
  }

  @Test("A neuron without a spike in an epoch gets stronger inputs, others don't") func wakes() throws {
    var net = try smallEventProp {
      ($0.layers, $0.isRecurrent, $0.optimiser.rate, $0.wake) = ([2], false, 0, 0.25)
      ($0.weightMean, $0.weightDeviation) = ([0], [0])
    }
    let weight = net.forward[0].weight.value
    for i in 0..<5 { weight[i, 1] = 3 }
    for batch in 0..<2 { _ = net.learn(Self.batch(), at: Moment(batch: batch)) }
    #expect(weight.values.allSatisfy { $0 == 0 || $0 == 3 })
    _ = net.learn(Self.batch(), at: Moment(epoch: 1))
    #expect((0..<5).allSatisfy { weight[$0, 0] == 0.25 && weight[$0, 1] == 3 })
  }

  @Test("Activity without end is given up and measured as infinite") func runaway() throws {
    var net = try smallEventProp {
      ($0.recurrentMean, $0.recurrentDelay, $0.layers, $0.spikeLimit) = (50, 0, [6], 200)
      ($0.weightMean, $0.weightDeviation, $0.optimiser.rate) = ([5], [0], 0)
    }
    #expect(net.learn(Self.batch(), at: Moment())["loss"] == .infinity)
    // What has no answer counts as unanswered.
    #expect(net.answer(Self.batch()) == [-1, -1, -1])
  }

  @Test("Parameters that don't go together are refused") func refused() {
    #expect(throws: TrainingError.self) { _ = try smallEventProp { $0.tauSyn = $0.tauM } }
    #expect(throws: TrainingError.self) { _ = try smallEventProp { $0.tauOutput = 1.005 * $0.tauSyn } }
    #expect(throws: TrainingError.self) { _ = try smallEventProp { $0.weightMean = [1, 2, 3] } }
    #expect(throws: TrainingError.self) { _ = try smallEventProp { $0.layers = [] } }
    #expect(throws: TrainingError.self) { _ = try smallEventProp { $0.delays = .none } }
    #expect(throws: TrainingError.self) { _ = try smallEventProp { $0.initialDelay = 21 } }
  }

  @Test("A delay held at its bound is not pushed on by what it remembers") func held() {
    var delay = Trainable(Matrix<Double>(1, 2, [0.5, 0.5]))
    let optimiser = OptimiserParameters(.adam, rate: 1)
    delay.gradient.values = [1, -1]
    delay.step(optimiser, at: Moment(), on: .serial)
    delay.hold(within: 0...10)
    #expect(delay.value[0, 0] == 0 && abs(delay.value[0, 1] - 1.5) < 1e-6)
    delay.gradient.values = [0, 0]
    delay.step(optimiser, at: Moment(), on: .serial)
    delay.hold(within: 0...10)
    #expect(delay.value[0, 0] == 0 && delay.value[0, 1] > 1.6)
  }
}
