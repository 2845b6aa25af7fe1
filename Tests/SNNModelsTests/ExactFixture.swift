import Foundation
import SNNDynamics
import SNNModels
import SNNTestSupport

/// Spike times of one neuron under recorded input, as an outside reference found them.
struct ExactCase: Decodable, CustomStringConvertible, Sendable {
  var model: String
  var peer: String
  var parameters: [String: Double]
  var until: Double
  var times: [Double]
  var weights: [Double]
  var spikes: [Double]

  var description: String { "\(model) as \(peer) \(parameters)" }

  private struct File: Decodable { var cases: [ExactCase] }

  /// The cases of `file` for the model `name`.
  static func cases(_ file: String, of name: String) -> [ExactCase] {
    guard let url = Bundle.module.url(forResource: "Fixtures/Exact/\(file)", withExtension: "json"),
      let data = try? Data(contentsOf: url), let cases = try? JSONDecoder().decode(File.self, from: data).cases
    else { return [] }
    return cases.filter { $0.model == name }
  }

  /// The model with the parameters of this case.
  func neuron<M: NeuronModel>(_ type: M.Type) -> M {
    var neuron = M()
    for row in M.parameters {
      if let value = parameters[row.name] { neuron[keyPath: row.keyPath] = value }
    }
    return neuron
  }

  /// How far the spike times of `type` are from the reference (ms), or nil if the numbers of spikes differ.
  func error<M: EventDrivenNeuron>(of type: M.Type) -> Double? {
    let train = EventTrain(times: times, weights: weights, kind: M.weightKind)
    let found = train.spikes(of: neuron(type), until: until)
    guard found.count == spikes.count else { return nil }
    return zip(found, spikes).map { abs($0 - $1) }.max() ?? 0
  }
}
