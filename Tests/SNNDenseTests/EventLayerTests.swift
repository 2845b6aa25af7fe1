import Foundation
import SNNDynamics
import SNNModels
import SNNTestSupport
import SNNTraining
import Testing

@testable import SNNDense

@Suite struct EventLayerTests {
  private static func synapses(_ numbers: inout Numbers, _ sources: Int, _ targets: Int, mean: Double, delay: Double)
    -> EventSynapses
  {
    EventSynapses(
      weight: Matrix(sources, targets, (0..<sources * targets).map { _ in mean + 1.2 * numbers.normal() }),
      delay: Matrix(sources, targets, (0..<sources * targets).map { _ in delay * numbers.uniform() }))
  }

  private static func inputs(_ numbers: inout Numbers, _ count: Int, _ sources: Int, until end: Double) -> [TimedSpike] {
    (0..<count).map { _ in TimedSpike(time: end * numbers.uniform(), neuron: Int(Double(sources) * numbers.uniform())) }
      .sorted { $0.time < $1.time }
  }

  @Test(
    "Every neuron spikes when iaf_psc_exp does on the exact engine, given all that arrives at it",
    arguments: [(20.0, 5.0, true), (20, 5, false), (4, 9, false)])
  func exactEngine(tauM: Double, tauS: Double, isRecurrent: Bool) {
    let (size, end) = (7, 80.0)
    var numbers = Numbers(3)
    let inputs = Self.inputs(&numbers, 40, 6, until: 60)
    let synapses = Self.synapses(&numbers, 6, size, mean: 1.2, delay: 15)
    let recurrent = isRecurrent ? Self.synapses(&numbers, size, size, mean: 0, delay: 10) : nil
    var layer = EventLayer(LeakyNeuron(tauM: tauM, tauS: tauS, threshold: 1), size: size)
    let isFinished = layer.run(inputs, synapses, recurrent: recurrent, until: end, limit: 1000)
    #expect(isFinished)
    // With C_m = tau_m the membrane follows the current itself.
    var model = IafPscExp()
    (model.tauM, model.cM, model.tRef, model.eL, model.vTh, model.vReset) = (tauM, tauM, 0, 0, 1, 0)
    (model.tauSynEx, model.tauSynIn, model.iE) = (tauS, tauS, 0)
    var total = 0
    for j in 0..<size {
      var train = EventTrain()
      for spike in inputs {
        let place = spike.neuron * size + j
        train.addSpike(at: synapses.arrival(spike.time, place), weight: synapses.weight.values[place], kind: .current)
      }
      if let recurrent {
        for spike in layer.spikes {
          let place = spike.neuron * size + j
          train.addSpike(at: recurrent.arrival(spike.time, place), weight: recurrent.weight.values[place], kind: .current)
        }
      }
      let expected = train.spikes(of: model, until: end)
      let found = layer.spikes.filter { $0.neuron == j }.map(\.time)
      #expect(found.count == expected.count)
      // The engine's time has steps of 1e-9 ms, which a slow rise enlarges.
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-6) }
      total += found.count
    }
    #expect(total > 3 * size)
  }

  @Test("Spikes of a recurrent layer are found in the order of time") func inOrder() {
    var numbers = Numbers(4)
    let inputs = Self.inputs(&numbers, 50, 6, until: 60)
    let synapses = Self.synapses(&numbers, 6, 9, mean: 1, delay: 15)
    let recurrent = Self.synapses(&numbers, 9, 9, mean: 0, delay: 0)
    var layer = EventLayer(LeakyNeuron(tauM: 20, tauS: 5, threshold: 1), size: 9)
    let isFinished = layer.run(inputs, synapses, recurrent: recurrent, until: 80, limit: 1000)
    #expect(isFinished)
    let times = layer.log.map(\.time)
    #expect(times == times.sorted() && layer.spikes.count > 20)
  }

  @Test("A membrane that just reaches the threshold spikes, one that just misses it does not") func grazing() {
    let neuron = LeakyNeuron(tauM: 20, tauS: 5, threshold: 1)
    // The highest response to one arrival, at t = ln(4)/(1/5 − 1/20).
    let top = log(4.0) / (1.0 / 5 - 1.0 / 20)
    let peak = (exp(-top / 20) - exp(-top / 5)) / 3
    for (excess, spikes) in [(1e-9, true), (-1e-9, false)] {
      let crossing = neuron.crossing(LeakyNeuron.State(i: (1 + excess) / peak), until: 100)
      #expect((crossing != nil) == spikes)
      if let crossing { #expect(crossing < top && crossing > top - 0.01) }
    }
  }

  @Test("The mean of an integrator is its integral by Simpson's rule", arguments: [0.0, 1, 2.5])
  func mean(fade: Double) {
    var numbers = Numbers(5)
    let spikes = Self.inputs(&numbers, 20, 4, until: 110)
    let synapses = Self.synapses(&numbers, 4, 3, mean: 0, delay: 30)
    let neuron = LeakyNeuron(tauM: 12, tauS: 5)
    var outputs = [0.0, 0, 0]
    MeanReadout(neuron: neuron, end: 100, fade: fade).add(spikes, synapses, to: &outputs)
    for output in 0..<3 {
      var expected = 0.0
      for spike in spikes {
        let place = spike.neuron * 3 + output
        let arrival = synapses.arrival(spike.time, place)
        guard arrival < 100 else { continue }
        let steps = 2000
        let h = (100 - arrival) / Double(steps)
        let sum = (0...steps).reduce(0.0) { sum, n in
          let u = h * Double(n)
          let weight = n == 0 || n == steps ? 1.0 : n % 2 == 1 ? 4 : 2
          return sum + weight * neuron.response(u).value * exp(-fade * (arrival + u) / 100)
        }
        expected += synapses.weight.values[place] * sum * h / 3 / 100
      }
      #expect(abs(outputs[output] - expected) < 1e-10)
    }
  }

  @Test("The peak of an integrator is the highest of its densely sampled potentials") func peak() {
    var numbers = Numbers(6)
    let neuron = LeakyNeuron(tauM: 12, tauS: 5)
    var cuts = 0
    for _ in 0..<12 {
      let spikes = Self.inputs(&numbers, 12, 4, until: 110)
      let synapses = Self.synapses(&numbers, 4, 1, mean: 0, delay: 30)
      var readout = PeakReadout(neuron, end: 100)
      var outputs = [0.0]
      readout.add(spikes, synapses, to: &outputs)
      var highest = 0.0
      for n in 0...5000 {
        let t = Double(n) / 50
        let v = spikes.reduce(0.0) { sum, spike in
          let arrival = synapses.arrival(spike.time, spike.neuron)
          return arrival < t ? sum + synapses.weight.values[spike.neuron] * neuron.response(t - arrival).value : sum
        }
        highest = max(highest, v)
      }
      // A cut peak is a kink: in half a step of 20 µs the potential moves by some 1e-3.
      #expect(outputs[0] >= highest - 1e-12 && outputs[0] < highest + 4e-3)
      if readout.peaks[0].cut != nil { cuts += 1 }
    }
    #expect(cuts > 0)
  }

  @Test("A tournament knows the earliest time after every change") func tournament() {
    var numbers = Numbers(8)
    for size in [1, 2, 3, 8, 13] {
      var tournament = Tournament(size)
      var times = [Double](repeating: .infinity, count: size)
      for _ in 0..<200 {
        let place = Int(Double(size) * numbers.uniform())
        times[place] = (10 * numbers.uniform()).rounded()
        tournament[place] = times[place]
        let earliest = times.min()!
        #expect(tournament.first.time == earliest && tournament.first.place == times.firstIndex(of: earliest))
      }
    }
  }
}
