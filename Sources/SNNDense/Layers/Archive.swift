import SNNTraining

/// A state being written or read: a network names its arrays once, for both.
public struct Archive {
  private(set) var arrays: [NamedArray]
  private let isReading: Bool

  static var writing: Archive { Archive(arrays: [], isReading: false) }
  static func reading(_ arrays: [NamedArray]) -> Archive { Archive(arrays: arrays, isReading: true) }

  public mutating func matrix<Scalar>(_ name: String, _ matrix: Matrix<Scalar>) throws {
    let shape = [matrix.rows, matrix.columns]
    if isReading {
      let array = try arrays.array(name, shape: shape)
      // A model of the other precision is rounded.
      matrix.values = array.floats as? [Scalar] ?? array.doubles.map { Scalar($0) }
    } else if let floats = matrix.values as? [Float] {
      arrays.append(NamedArray(name, shape, floats))
    } else {
      arrays.append(NamedArray(name, shape, matrix.values.map { Double($0) }))
    }
  }

  public mutating func number(_ name: String, _ number: inout Int) throws {
    if isReading {
      let found = try arrays.array(name, shape: [1]).doubles[0]
      guard let whole = Int(exactly: found), whole >= 0 else {
        throw TrainingError("\"\(name)\" of the model is \(found), which is no whole number from 0")
      }
      number = whole
    } else {
      arrays.append(NamedArray(name, [1], [Double(number)]))
    }
  }
}
