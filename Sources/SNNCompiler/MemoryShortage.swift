import SNNDescription
import SNNDynamics
import SNNSignals

/// A network whose neurons and sources alone are more than memory holds, found before any value is made for them.
public struct MemoryShortage: Error, Sendable {
  /// At least so many are needed.
  public var bytes: Double
  public var neurons: Double

  /// The least that any neuron takes while a network is planned and built: one state, and each value of its own.
  private static let bytesEach = 8.0

  static func check(_ file: NetworkFile, _ catalogue: Catalogue, _ available: Double) throws {
    var (bytes, neurons) = (0.0, 0.0)
    for population in file.populations {
      let (parameters, states) = (own(population.params.values), own(population.initial.values))
      // With a parameter of its own, each neuron has a model of its own.
      let model = parameters > 0 ? catalogue.neuron(population.model).map { stride(of: $0) } ?? 0 : 0
      neurons += Double(population.size)
      bytes += Double(population.size) * (bytesEach * Double(1 + parameters + states) + Double(model))
    }
    for input in file.inputs {
      let size = Double(input.size ?? 0)
      neurons += size
      let values = input.fields.values.compactMap { field -> ValueSource? in if case .value(let x) = field { x } else { nil } }
      bytes += size * bytesEach * Double(1 + own(values))
    }
    guard bytes <= available else { throw MemoryShortage(bytes: bytes, neurons: neurons) }
  }

  /// How many of these values differ from one neuron to the next.
  private static func own(_ values: some Sequence<ValueSource>) -> Int {
    values.reduce(0) { count, value in if case .number = value { count } else { count + 1 } }
  }

  private static func stride<Model: NeuronModel>(of type: Model.Type) -> Int { MemoryLayout<Model>.stride }
}
