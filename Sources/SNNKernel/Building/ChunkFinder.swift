/// Finds the chunk of a target: the chunks of a population are equally long, but for the last.
struct ChunkFinder: Sendable {
  let count: Int
  private let first: UInt32
  private let total: UInt32
  private let length: UInt32
  /// ⌈2⁶⁴ / length⌉: a product's upper half with it is the quotient, exactly for 32-bit numbers and lengths below 2³¹.
  private let multiplier: UInt64

  /// - Parameter chunks: adjacent ranges.
  init(_ chunks: [Range<Int>]) {
    count = chunks.count
    first = UInt32(chunks[0].lowerBound)
    total = UInt32(chunks[chunks.count - 1].upperBound) - first
    length = UInt32(chunks[0].count)
    precondition(chunks.dropLast().allSatisfy { $0.count == chunks[0].count }, "chunks of different lengths")
    multiplier = length > 1 ? UInt64.max / UInt64(length) + 1 : 0
  }

  /// The chunk of `target` and its place in it; nil outside all chunks.
  @inline(__always)
  func callAsFunction(_ target: UInt32) -> (chunk: Int, place: UInt32)? {
    let offset = target &- first
    guard offset < total else { return nil }
    guard length > 1 else { return (Int(offset), 0) }
    let chunk = UInt64(offset).multipliedFullWidth(by: multiplier).high
    return (Int(truncatingIfNeeded: chunk), offset &- UInt32(truncatingIfNeeded: chunk) &* length)
  }
}
