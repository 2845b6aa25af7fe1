/// A matrix in row-major order, zero at first; a vector is a matrix of one row.
///
/// Its memory stays where it is, so that the tasks of a `Parallel` can write its pieces: copies of the reference are the same matrix.
public final class Matrix<Scalar: DenseScalar>: @unchecked Sendable {
  // @unchecked: tasks write disjoint pieces; between two calls of a Parallel one thread has the matrix.
  public let rows: Int
  public let columns: Int
  let start: UnsafeMutablePointer<Scalar>

  public init(_ rows: Int, _ columns: Int) {
    self.rows = rows
    self.columns = columns
    // A cache line: pieces of two tasks share none, and vectors load whole ones.
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(1, rows * columns) * MemoryLayout<Scalar>.stride, alignment: 64)
    start = bytes.bindMemory(to: Scalar.self, capacity: rows * columns)
    start.initialize(repeating: 0, count: rows * columns)
  }

  public convenience init(_ rows: Int, _ columns: Int, _ values: [Scalar]) {
    precondition(values.count == rows * columns)
    self.init(rows, columns)
    self.values = values
  }

  deinit { start.deallocate() }

  public var count: Int { rows * columns }

  public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition((0..<rows).contains(row) && (0..<columns).contains(column))
      return start[row * columns + column]
    }
    set {
      precondition((0..<rows).contains(row) && (0..<columns).contains(column))
      start[row * columns + column] = newValue
    }
  }

  /// All values, row after row.
  public var values: [Scalar] {
    get { Array(UnsafeBufferPointer(start: start, count: count)) }
    set {
      precondition(newValue.count == count)
      newValue.withUnsafeBufferPointer { if let from = $0.baseAddress { start.update(from: from, count: count) } }
    }
  }

  public func fill(_ value: Scalar) { start.update(repeating: value, count: count) }

  /// Takes over the values of a matrix of the same size.
  public func copy(_ other: Matrix) {
    precondition(other.rows == rows && other.columns == columns)
    start.update(from: other.start, count: count)
  }

  /// The first element of a row.
  func row(_ row: Int) -> UnsafeMutablePointer<Scalar> { start + row * columns }
}

/// A rectangle of a matrix, as it stands or transposed: what products are made of.
public struct MatrixPart<Scalar: DenseScalar>: Sendable {
  let matrix: Matrix<Scalar>
  /// Of the first element.
  let offset: Int
  /// As read, that is after transposition.
  public let rows: Int
  public let columns: Int
  let isTransposed: Bool

  /// From one row of the memory to the next.
  var stride: Int { matrix.columns }
  /// Valid as long as the part.
  var start: UnsafeMutablePointer<Scalar> { matrix.start + offset }

  public var transposed: MatrixPart {
    MatrixPart(matrix: matrix, offset: offset, rows: columns, columns: rows, isTransposed: !isTransposed)
  }

  func rows(_ range: Range<Int>) -> MatrixPart {
    let skipped = isTransposed ? range.lowerBound : range.lowerBound * stride
    return MatrixPart(
      matrix: matrix, offset: offset + skipped, rows: range.count, columns: columns, isTransposed: isTransposed)
  }

  func columns(_ range: Range<Int>) -> MatrixPart { transposed.rows(range).transposed }
}

extension Matrix {
  public var whole: MatrixPart<Scalar> {
    MatrixPart(matrix: self, offset: 0, rows: rows, columns: columns, isTransposed: false)
  }
  public var transposed: MatrixPart<Scalar> { whole.transposed }
  func rows(_ range: Range<Int>) -> MatrixPart<Scalar> { whole.rows(range) }
}
