/// An array of bytes as the IDX format of MNIST stores it, also packed with gzip.
///
/// Two zero bytes, the type (only 0x08, unsigned bytes, is read), the number of dimensions, their sizes as big-endian 32-bit
/// numbers, and the bytes, the last dimension fastest.
public struct IDXFile: Sendable, Equatable {
  public let shape: [Int]
  public let bytes: [UInt8]
  /// The size of all dimensions but the first together.
  public let rowLength: Int

  public init(path: String) throws {
    let all = try contents(of: path)
    guard all.count >= 4, all[0] == 0, all[1] == 0 else {
      throw FileError.read(
        path, "is no IDX file: it begins with \(Array(all.prefix(4)))", hint: "two zero bytes, a type and a rank come first")
    }
    guard all[2] == 0x08 else { throw FileError.read(path, "has elements of type \(all[2]); only unsigned bytes (8) are read") }
    let rank = Int(all[3])
    guard rank > 0, all.count >= 4 + 4 * rank else { throw FileError.read(path, "is truncated within its header") }
    shape = (0..<rank).map { d in (0..<4).reduce(0) { $0 << 8 | Int(all[4 + 4 * d + $1]) } }
    var product = (partialValue: 1, overflow: false)
    for size in shape.dropFirst() where !product.overflow { product = product.partialValue.multipliedReportingOverflow(by: size) }
    rowLength = product.partialValue
    if !product.overflow { product = rowLength.multipliedReportingOverflow(by: shape[0]) }
    let expected = product.partialValue
    guard !product.overflow else { throw FileError.read(path, "claims an impossible shape \(shape)") }
    let count = all.count - 4 - 4 * rank
    guard count == expected else {
      throw FileError.read(path, "has \(count) bytes of data, but its header says \(expected) (shape \(shape))")
    }
    bytes = Array(all[(4 + 4 * rank)...])
  }

  /// The size of the first dimension.
  public var rows: Int { shape[0] }
}
