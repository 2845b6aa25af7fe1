import SNNTraining

/// c ← scale · a b, or c + scale · a b, on the caller's thread.
public func multiply<Scalar>(
  _ a: MatrixPart<Scalar>, _ b: MatrixPart<Scalar>, into c: MatrixPart<Scalar>, scale: Scalar = 1, adding: Bool = false
) {
  precondition(a.columns == b.rows && c.rows == a.rows && c.columns == b.columns && !c.isTransposed)
  guard c.rows > 0, c.columns > 0 else { return }
  Scalar.multiply(
    c.rows, c.columns, a.columns, scale, a.start, a.stride, a.isTransposed, b.start, b.stride, b.isTransposed,
    adding ? 1 : 0, c.start, c.stride)
}

/// The same product cut into pieces of the result, across its longer side.
///
/// Pieces follow from the shapes alone and each element of the result is summed by one task in one order: the same bits on any
/// number of threads. A piece is at least 120 wide, because each packs the whole other factor anew, and has at least two million
/// operations (some 30 µs); there are 16 at most.
public func multiply<Scalar>(
  _ a: MatrixPart<Scalar>, _ b: MatrixPart<Scalar>, into c: MatrixPart<Scalar>, scale: Scalar = 1, adding: Bool = false,
  on parallel: Parallel
) {
  let operations = 2 * c.rows * c.columns * a.columns
  let side = max(c.rows, c.columns)
  var parts = 1
  while parts < 16, side >= 240 * parts, operations >= 4_000_000 * parts { parts *= 2 }
  let pieces = cut(side, into: parts, multipleOf: 16)
  guard pieces.count > 1 else { return multiply(a, b, into: c, scale: scale, adding: adding) }
  let isByRows = c.rows > c.columns
  parallel.forEach(pieces.count) { task in
    let piece = pieces[task]
    if isByRows {
      multiply(a.rows(piece), b, into: c.rows(piece), scale: scale, adding: adding)
    } else {
      multiply(a, b.columns(piece), into: c.columns(piece), scale: scale, adding: adding)
    }
  }
}

/// 0 ..< count in at most `parts` pieces of nearly the same size, a multiple of `unit` but for the last.
func cut(_ count: Int, into parts: Int, multipleOf unit: Int = 1) -> [Range<Int>] {
  guard count > 0 else { return [] }
  let parts = max(1, parts)
  let size = ((count + parts - 1) / parts + unit - 1) / unit * unit
  return stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
}

/// Pieces of a batch's rows for tasks that take each sample through the whole network: a power of two of at least 24 rows.
func rowBlocks(_ rows: Int) -> [Range<Int>] {
  var parts = 1
  while parts < 16, rows >= 48 * parts { parts *= 2 }
  return cut(rows, into: parts)
}

/// Runs `body` on pieces of 0 ..< count elements; 16,384 of them fit the second-level cache with all operands.
func elementwise(_ count: Int, on parallel: Parallel, _ body: @Sendable (Range<Int>) -> Void) {
  let pieces = (count + 16383) / 16384
  guard pieces > 1 else { return body(0..<count) }
  parallel.forEach(pieces) { body($0 * 16384..<min(count, ($0 + 1) * 16384)) }
}
