import Foundation
import SNNSignals
import Testing

@testable import SNNTraining

@Suite struct EncoderTests {
  @Test("rate: spikes as often as a binomial variable, never where the value is 0, always where it is 1") func rate() throws {
    var rate = RateEncoder()
    rate.steps = 10_000
    rate.maximum = 0.5
    let values: [Float] = [0, 0.25, 1, 3, -1]
    let batch = try encoded([rate], single(values))
    #expect(Set(batch.inputs).isSubset(of: [0, 1]))
    for (i, p) in [0, 0.125, 0.5, 1, 0].enumerated() {
      let count = (0..<10_000).reduce(0.0) { $0 + Double(batch.inputs[$1 * 5 + i]) }
      // Five standard deviations.
      #expect(abs(count - 10_000 * p) <= 5 * (10_000 * p * (1 - p)).squareRoot(), "\(values[i])")
    }
  }

  @Test("rate: a sample with steps keeps them, each with its own probability") func rateOfSequence() throws {
    let batch = try encoded([RateEncoder()], single([1, 0, 0, 1, 1, 1], steps: 3))
    #expect(batch.steps == 3 && batch.inputs == [1, 0, 0, 1, 1, 1])
  }

  @Test(
    "latency: the step of the closed form",
    arguments: [(Float(1), 0), (0.75, 6), (0.5, 12), (0.02, 24), (0.01, nil), (0, nil)] as [(Float, Int?)])
  func latency(_ value: Float, _ step: Int?) throws {
    let batch = try encoded([LatencyEncoder()], single([value]))
    let spikes = batch.inputs.indices.filter { batch.inputs[$0] == 1 }
    #expect(spikes == (step.map { [$0] } ?? []))
  }

  @Test("latency: the logarithmic code is when a leaky cell driven by the value reaches the threshold") func logarithmic() {
    var encoder = LatencyEncoder()
    encoder.code = .logarithmic
    encoder.threshold = 0.2
    encoder.tau = 8
    for x in [0.25, 0.4, 0.9] {
      // u(t) = x(1 − exp(−t/τ)), followed in small steps.
      var (u, t) = (0.0, 0.0)
      while u < 0.2 {
        u += 1e-4 * (x - u) / 8
        t += 1e-4
      }
      #expect(encoder.step(of: x) == Int(t.rounded()))
    }
    #expect(encoder.step(of: 0.2) == nil)
  }

  @Test("population: fields as Bohte et al. place them, each 1 at its centre") func population() throws {
    var encoder = PopulationEncoder()
    encoder.cells = 6
    encoder.low = -1
    encoder.high = 3
    // Centres −1.5, −0.5, 0.5, … with spacing 1, σ = 1/1.5.
    let batch = try encoded([encoder], single([0.5, 2.5]))
    let sigma = 1 / 1.5
    for (k, x) in [0.5, 2.5].enumerated() {
      for i in 0..<6 {
        let expected = exp(-pow(x - (-1.5 + Double(i)), 2) / (2 * sigma * sigma))
        #expect(abs(Double(batch.inputs[k * 6 + i]) - expected) < 1e-6)
      }
    }
    #expect(batch.inputs[2] == 1 && batch.inputs[6 + 4] == 1)
  }

  @Test("bins: each event in the step and channel that a count by hand gives") func bins() throws {
    let stream = RandomStream(seed: 1, purpose: .encoding, entity: 0)
    let events = (0..<300).map { i in
      SampleEvent(
        time: Float(stream.uniform(index: UInt64(i), draw: 0) * 120), channel: stream.words(index: UInt64(i), draw: 1).x % 7)
    }
    let set = Dataset(
      name: "e", LabelledSamples(.events([events]), steps: 0, features: 7, labels: [0], classNames: ["a", "b"]))
    var encoder = EventBinsEncoder()
    (encoder.steps, encoder.step, encoder.binary, encoder.pool) = (20, 5, false, 2)
    let counts = try encoded([encoder], set)
    encoder.binary = true
    let marks = try encoded([encoder], set)
    #expect(counts.features == 4 && counts.steps == 20)
    for step in 0..<20 {
      for channel in 0..<4 {
        let expected = events.count { event in
          event.time >= Float(step * 5) && event.time < Float(step * 5 + 5) && Int(event.channel) / 2 == channel
        }
        #expect(counts.inputs[step * 4 + channel] == Float(expected))
        #expect(marks.inputs[step * 4 + channel] == (expected > 0 ? 1 : 0))
      }
    }
  }

  @Test("standardise: mean 0 and deviation 1 over the training samples, a constant becomes 0") func standardise() throws {
    let set = Dataset(
      name: "s",
      LabelledSamples(
        .values((0..<50).flatMap { [Float($0 * $0), 7, 1e6 + Float($0)] }), steps: 1, features: 3,
        labels: (0..<50).map { $0 % 2 }, classNames: ["a", "b"]))
    let batch = try encoded([StandardiseEncoder()], set)
    for feature in [0, 2] {
      let values = (0..<50).map { Double(batch.inputs[$0 * 3 + feature]) }
      let mean = values.reduce(0, +) / 50
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50
      #expect(abs(mean) < 1e-6 && abs(variance - 1) < 1e-5)
    }
    #expect((0..<50).allSatisfy { batch.inputs[$0 * 3 + 1] == 0 })
  }

  @Test("What runs once is fitted to all training samples and comes before a permutation") func beforePermutation() throws {
    let set = counted(12, features: 4, classes: 3)
    let tasks = [set, set.permuted(1, seed: 2), set.keeping(classes: [2]), counted(5, features: 4, name: "test")]
    let prepared = try Encoding([StandardiseEncoder()]).prepared(tasks, .serial)
    #expect(prepared.encoding.encoders.isEmpty)
    func values(_ place: Int, _ id: Int) -> [Float] {
      if case .frames(let frames) = prepared.sets[place].sample(id) { frames.values } else { [] }
    }
    let order = try #require(prepared.sets[1].permutation)
    for id in 0..<12 { #expect(values(1, id) == order.map { values(0, id)[$0] }) }
    #expect(values(2, 5) == values(0, 5) && prepared.sets[2].ids == [2, 5, 8, 11])
    // The test set is brought to the training set's mean, 5.5, and deviation, √((12² − 1)/12).
    #expect(abs(Double(values(3, 2)[0]) - (2 - 5.5) / (143.0 / 12).squareRoot()) < 1e-6)
  }

  @Test("direct: the values times the gain at every step") func direct() throws {
    var encoder = DirectEncoder()
    (encoder.steps, encoder.gain) = (3, 2)
    #expect(try encoded([encoder], single([1, 0.5])).inputs == [2, 1, 2, 1, 2, 1])
  }

  @Test("Encoders follow one another: population, then latency") func chain() throws {
    var (population, latency) = (PopulationEncoder(), LatencyEncoder())
    (population.cells, latency.steps) = (4, 11)
    let batch = try encoded([population, latency], single([0.3, 0.8]))
    #expect(batch.steps == 11 && batch.features == 8)
    let fields = try encoded([population], single([0.3, 0.8])).inputs
    for i in 0..<8 {
      let step = (0..<11).first { batch.inputs[$0 * 8 + i] == 1 }
      #expect(step == latency.step(of: Double(fields[i])))
    }
  }

  @Test("times: the spikes of steps become events, and bins make the same steps of them") func times() throws {
    var (latency, times, bins) = (LatencyEncoder(), TimesEncoder(), EventBinsEncoder())
    (latency.steps, times.step, bins.steps, bins.step) = (9, 0.5, 9, 0.5)
    let set = single([0.1, 0.9, 0, 0.45])
    let events = try encoded([latency, times], set)
    // (1 − x) · 8, rounded: 7, 1 and 4.
    let expected = [
      SampleEvent(time: 0.5, channel: 1), SampleEvent(time: 2, channel: 3), SampleEvent(time: 3.5, channel: 0),
    ]
    #expect(events.events == [expected])
    #expect(events.steps == 0 && events.features == 4 && events.inputs.isEmpty)
    #expect(try encoded([latency, times, bins], set).inputs == encoded([latency], set).inputs)
  }

  @Test("What an encoder can't take is said") func misfits() {
    func message(_ encoders: [any Encoder], _ shape: SampleShape, toEvents: Bool = false) -> String {
      do {
        _ = try Encoding(encoders).output(of: shape, toEvents: toEvents)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message([], .events(channels: 3)).contains("bins"))
    #expect(message([], .wave(rate: 8000)).contains("filter_bank"))
    #expect(
      message([EventBinsEncoder()], .frames(steps: 1, features: 2)).contains("\"bins\" can't take static samples of 2 values"))
    #expect(message([LatencyEncoder()], .frames(steps: 4, features: 2)).contains("4 steps"))
    #expect(message([], .frames(steps: 1, features: 2), toEvents: true).contains("times"))
    #expect(message([TimesEncoder()], .frames(steps: 1, features: 2), toEvents: true) == "no error")
    var bank = FilterBankEncoder()
    bank.high = 5000
    #expect(message([bank], .wave(rate: 8000)).contains("half of the rate"))
    #expect(message([RateEncoder(), StandardiseEncoder()], .frames(steps: 1, features: 2)).contains("must stand before"))
  }
}
