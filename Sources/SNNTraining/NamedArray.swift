/// A matrix or vector of a learner under its name: what models are saved as.
public struct NamedArray: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    case float([Float])
    case double([Double])

    public var count: Int {
      switch self {
      case .float(let values): values.count
      case .double(let values): values.count
      }
    }
  }
  /// Unique in its model; a "/" groups, as in `layer1/weight`.
  public var name: String
  /// The last index runs fastest.
  public var shape: [Int]
  public var values: Values

  public init(_ name: String, _ shape: [Int], _ values: Values) {
    precondition(values.count == shape.reduce(1, *))
    self.name = name
    self.shape = shape
    self.values = values
  }
  public init(_ name: String, _ shape: [Int], _ values: [Float]) { self.init(name, shape, .float(values)) }
  public init(_ name: String, _ shape: [Int], _ values: [Double]) { self.init(name, shape, .double(values)) }

  /// Whether no value is infinite or not a number.
  public var isFinite: Bool {
    switch values {
    case .float(let values): values.allSatisfy(\.isFinite)
    case .double(let values): values.allSatisfy(\.isFinite)
    }
  }

  /// As doubles, whatever it holds.
  public var doubles: [Double] {
    switch values {
    case .float(let values): values.map(Double.init)
    case .double(let values): values
    }
  }

  /// In single precision, whatever it holds.
  public var floats: [Float] {
    switch values {
    case .float(let values): values
    case .double(let values): values.map(Float.init)
    }
  }
}

extension [NamedArray] {
  /// The array of this name and shape.
  /// - Throws: `TrainingError` when there is none, or one of another shape.
  public func array(_ name: String, shape: [Int]) throws -> NamedArray {
    guard let found = first(where: { $0.name == name }) else {
      let names = map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw TrainingError("the model has no array \"\(name)\"", hint: isEmpty ? nil : "it has \(names)")
    }
    guard found.shape == shape else {
      throw TrainingError(
        "array \"\(name)\" of the model has shape \(found.shape), not \(shape)",
        hint: "a model can be loaded into a learner of the same layers and rule only")
    }
    return found
  }
}
