import SNNFiles

/// Writes `weights/<projection>.npz`: `pre` and `post` uint32, `weight` and `delay` float64 (dendritic, ms), one entry per synapse
/// in the order (pre, post).
public final class WeightWriter {
  private let stream: NPZStream
  private let columns: (pre: Int, post: Int, weight: Int, delay: Int)
  private var pre: [UInt32] = []
  private var post: [UInt32] = []
  private var weights: [Double] = []
  private var delays: [Double] = []

  /// Synapses that are written at a time.
  private static let batch = 1 << 16

  init(path: String) throws {
    stream = try NPZStream(path: path)
    columns = (
      stream.addGrowing("pre", .uint32), stream.addGrowing("post", .uint32), stream.addGrowing("weight", .float64),
      stream.addGrowing("delay", .float64)
    )
  }

  public func append(pre: UInt32, post: UInt32, weight: Double, delay: Double) throws {
    self.pre.append(pre)
    self.post.append(post)
    weights.append(weight)
    delays.append(delay)
    if weights.count == Self.batch { try flush() }
  }

  private func flush() throws {
    stream.append(pre, to: columns.pre)
    stream.append(post, to: columns.post)
    stream.append(weights, to: columns.weight)
    stream.append(delays, to: columns.delay)
    try stream.commit()
    pre.removeAll(keepingCapacity: true)
    post.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    delays.removeAll(keepingCapacity: true)
  }

  public func close() throws {
    try flush()
    try stream.close()
  }
}

/// The digest of all plastic synapses at the end of a run: equal digests mean equal weights and delays.
///
/// SHA-256 over, for each plastic projection in the order of the network file, its name (UTF-8) and one record of 24 bytes per
/// synapse in the order (pre, post): pre and post (UInt32), weight and delay in ms (Float64), all little-endian.
public final class WeightDigest {
  private let hash = SHA256()
  public private(set) var isEmpty = true

  public init() {}

  public func begin(_ projection: String) {
    isEmpty = false
    hash.update(Array(projection.utf8))
  }

  public func append(pre: UInt32, post: UInt32, weight: Double, delay: Double) {
    withUnsafeTemporaryAllocation(byteCount: 24, alignment: 8) { bytes in
      bytes.storeBytes(of: pre.littleEndian, toByteOffset: 0, as: UInt32.self)
      bytes.storeBytes(of: post.littleEndian, toByteOffset: 4, as: UInt32.self)
      bytes.storeBytes(of: weight.bitPattern.littleEndian, toByteOffset: 8, as: UInt64.self)
      bytes.storeBytes(of: delay.bitPattern.littleEndian, toByteOffset: 16, as: UInt64.self)
      hash.update(UnsafeRawBufferPointer(bytes))
    }
  }

  /// In lower-case hexadecimal; nil without plastic projections.
  public var hex: String? { isEmpty ? nil : hash.hex }
}
