import SNNDescription
import SNNSignals

/// A network whose neurons and sources alone are more than memory holds, found before any value is made for them.
public struct MemoryShortage: Error, Sendable {
  /// At least so many are needed.
  public var bytes: Double
  public var neurons: Double

  /// The least that any neuron takes while a network is planned and built: one state, and each value of its own.
  private static let bytesEach = 8.0

  static func check(_ file: NetworkFile, _ available: Double) throws {
    var (bytes, neurons) = (0.0, 0.0)
    func add(_ size: Int, _ values: some Sequence<ValueSource>) {
      let own = values.count { if case .number = $0 { false } else { true } }
      neurons += Double(size)
      bytes += Double(size) * bytesEach * Double(1 + own)
    }
    for population in file.populations { add(population.size, Array(population.params.values) + population.initial.values) }
    for input in file.inputs {
      add(input.size ?? 0, input.fields.values.compactMap { if case .value(let source) = $0 { source } else { nil } })
    }
    guard bytes <= available else { throw MemoryShortage(bytes: bytes, neurons: neurons) }
  }
}
