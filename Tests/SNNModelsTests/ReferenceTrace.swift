import Foundation
import SNNDynamics
import SNNModels
import SNNTestSupport

/// Traces of one model from another program, with the protocols that produced them (tools/peers).
struct ReferenceTraces: Decodable {
  struct Trace: Decodable {
    /// Steps between two values; the first stands at the end of step `every` − 1.
    var every: Int
    var values: [Double]
  }
  struct Experiment: Decodable {
    var name: String
    var duration: Double
    var parameters: [String: Double]
    var `init`: [String: Double]
    /// [arrival time, weight].
    var spikes: [[Double]]
    /// [from, to, pA].
    var currents: [[Double]]
    var traces: [String: Trace]
    var spikeTimes: [Double]
  }
  var resolution: Double
  var protocols: [Experiment]

  init(_ model: String, from program: String = "nest") throws {
    let url = Bundle.module.url(forResource: model, withExtension: "json", subdirectory: "Fixtures/\(program)")!
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }

  func steps(_ time: Double) -> Int { Int((time / resolution).rounded()) }

  /// All experiments side by side, one to a lane.
  func run<Model: ClockedNeuron>(_: Model.Type) -> GridTrial<Model>.Outcome {
    let models = protocols.map { experiment in
      var model = Model()
      for (name, value) in experiment.parameters {
        model[keyPath: Model.parameters.first { $0.name == name }!.keyPath] = value
      }
      return model
    }
    let longest = protocols.map(\.duration).max()!
    var trial = GridTrial(models, step: resolution, steps: steps(longest))
    for (lane, experiment) in protocols.enumerated() {
      for (name, value) in experiment.`init` { trial.set(name, lane: lane, to: value) }
      for spike in experiment.spikes {
        trial.addSpike(atEndOf: steps(spike[0]) - 1, lane: lane, weight: spike[1])
      }
      for current in experiment.currents {
        trial.addCurrent(in: steps(current[0])..<steps(current[1]), lane: lane, current[2])
      }
    }
    return trial.run()
  }
}

extension ReferenceTraces.Experiment {
  /// The greatest distance to the reference, over every value of a trace.
  func greatestError<Model: ClockedNeuron>(_ name: String, _ outcome: GridTrial<Model>.Outcome, lane: Int) -> Double {
    let trace = traces[name]!
    let values = outcome.trace(name, lane)
    return trace.values.enumerated().map { place, reference in
      abs(values[(place + 1) * trace.every - 1] - reference)
    }.max()!
  }
  /// The steps at whose end the reference spiked.
  func spikeSteps(resolution: Double) -> [Int] { spikeTimes.map { Int(($0 / resolution).rounded()) - 1 } }
}
