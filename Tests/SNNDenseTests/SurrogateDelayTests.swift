import Foundation
import SNNTraining
import Testing

@testable import SNNDense

@Suite struct SurrogateDelayTests {
  private func network(
    steps: Int = 12, parallel: Parallel = .serial, _ change: (inout SurrogateGradient.Parameters) -> Void = { _ in }
  ) throws -> SurrogateGradientNetwork<Double> {
    var p = SurrogateGradient.Parameters()
    (p.layers, p.scale, p.gain, p.delays, p.taps) = ([8, 7], 3, 3, .learned, 5)
    change(&p)
    return try SurrogateGradientNetwork(p, LearnerSetup(features: 6, steps: steps, classes: 3, seed: 7, parallel: parallel))
  }
  private static func batch(steps: Int = 12, seed: UInt64 = 1) -> Batch {
    randomBatch(4, features: 6, classes: 3, steps: steps, seed: seed, spikes: 0.3)
  }

  private func shares(_ delay: Double, taps: Int, width: Double) -> [Double] {
    var (delays, shares) = ([delay], [Double](repeating: 0, count: taps))
    Double.spread(&delays, into: &shares, 1, lags: taps, stride: 1, width: width)
    return shares
  }

  @Test("A weight is spread over the lags as published: all of it, flat at first, 79 % on the nearest step in the end")
  func spreads() {
    let (first, last) = (DelayTaps<Double>.width(0, taps: 25), DelayTaps<Double>.width(0.25, taps: 25))
    #expect(abs(first - 12.27) < 1e-12 && abs(last - 0.5) < 1e-12 && DelayTaps<Double>.width(1, taps: 25) == last)
    for (delay, width) in [(12.0, first), (12, last), (3.4, 2), (0, last), (24, 1)] {
      #expect(abs(shares(delay, taps: 25, width: width).reduce(0, +) - 1) < 1e-5)
    }
    let flat = shares(12, taps: 25, width: first)
    #expect(flat.min()! > 0.6 * flat.max()!)
    // 1/(1 + 2e⁻² + 2e⁻⁸)
    #expect(abs(shares(12, taps: 25, width: last)[12] - 0.7866) < 1e-4)
    // As the width goes to 0, what is left is the integer delay.
    #expect(shares(7, taps: 25, width: 0.05).enumerated().allSatisfy { abs($1 - ($0 == 7 ? 1 : 0)) < 1e-6 })
  }

  @Test(
    "A smooth network has the gradient of central differences for weights, biases and delays",
    arguments: [SurrogateGradient.Output.mean, .eachStep], [0.02, 0.2])
  func differences(output: SurrogateGradient.Output, progress: Double) throws {
    var net = try network {
      ($0.output, $0.surrogate, $0.isGradual, $0.isDetached, $0.synapticLeak) = (output, .sigmoid, true, false, 0.4)
      ($0.optimiser, $0.delayRate) = (OptimiserParameters(rate: 0), 0)
    }
    let (batch, moment) = (Self.batch(), Moment(progress: progress))
    _ = net.learn(batch, at: moment)
    let parts =
      net.stack.layers.flatMap { [$0.weight, $0.bias!] }.map { ($0.value, $0.gradient.values) }
      + net.taps.map { ($0.delay.value, $0.delay.gradient.values) }
    #expect(net.taps.count == 2 && net.taps.allSatisfy { $0.delay.gradient.values.contains { abs($0) > 1e-5 } })
    for (matrix, gradient) in parts {
      for i in stride(from: 0, to: matrix.count, by: 5) {
        let (h, value) = (1e-5, matrix.start[i])
        matrix.start[i] = value + h
        let above = net.learn(batch, at: moment)["loss"]!
        matrix.start[i] = value - h
        let below = net.learn(batch, at: moment)["loss"]!
        matrix.start[i] = value
        #expect(abs((above - below) / (2 * h) - gradient[i]) < 1e-8)
      }
    }
  }

  @Test("In tests a delay counts as the nearest whole number of steps: the network sees its inputs that much later")
  func rounds() throws {
    var delayed = try network { $0.layers = [8] }
    var plain = try network { ($0.layers, $0.delays) = ([8], .none) }
    for i in 0..<48 { delayed.taps[0].delay.value.start[i] = 2.6 + 0.8 * Double(i) / 48 }
    let batch = Self.batch()
    var later = batch
    later.inputs = [Float](repeating: 0, count: 3 * 24) + batch.inputs.dropLast(3 * 24)
    let (found, expected) = (delayed.delayedOutputs(batch).values, plain.outputs(later).values)
    // The plain network's outputs are a sum over the steps.
    #expect(relativeError(found, expected.map { $0 / 12 }) < 1e-12)
    #expect(relativeError(found, plain.outputs(batch).values.map { $0 / 12 }) > 1e-3)
    #expect(delayed.answer(batch) == plain.answer(later))
  }

  @Test("The same bits on any number of threads, and after an interruption") func sameBits() throws {
    let state = { (net: SurrogateGradientNetwork<Double>) in
      var (net, archive) = (net, Archive.writing)
      try net.archive(&archive)
      return archive.arrays
    }
    func train(_ net: inout SurrogateGradientNetwork<Double>, _ range: Range<Int>) {
      for step in range {
        _ = net.learn(Self.batch(seed: UInt64(step)), at: Moment(step: step, progress: Double(step) / 12))
      }
    }
    var (one, many, cut, resumed) = (try network(), try network(parallel: threaded), try network(), try network())
    train(&one, 0..<4)
    train(&many, 0..<4)
    #expect(try state(one) == state(many))
    train(&cut, 0..<3)
    var archive = Archive.reading(try state(cut))
    try resumed.archive(&archive)
    train(&resumed, 3..<4)
    #expect(try state(resumed) == state(one))
  }

  @Test("Fixed delays stay and learned ones move, within the taps") func kinds() throws {
    for kind in [DelayLearning.fixed, .learned] {
      var net = try network { ($0.delays, $0.delayRate, $0.optimiser) = (kind, 3, OptimiserParameters(.adam, rate: 1e-3)) }
      let before = net.taps.map(\.delay.value.values)
      for step in 0..<5 { _ = net.learn(Self.batch(), at: Moment(step: step, progress: 0.1)) }
      let after = net.taps.map(\.delay.value.values)
      #expect((before == after) == (kind == .fixed))
      #expect(after.joined().allSatisfy { (0...4).contains($0) })
    }
  }

  @Test("Delays without a course in time, or with rules that know none, are refused") func refused() {
    #expect(throws: TrainingError.self) { _ = try network(steps: 1) }
    #expect(throws: TrainingError.self) { _ = try network { ($0.method, $0.output) = (.sltt, .eachStep) } }
    #expect(throws: TrainingError.self) { _ = try network { $0.projection.rows = [2, 2, 2] } }
  }
}
