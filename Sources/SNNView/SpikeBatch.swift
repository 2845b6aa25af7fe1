import NIOCore

/// Spikes of some 20 ms of wall time, packed once for all browsers.
///
/// As a binary WebSocket message, little-endian: `u8` 1, `u8` 0, `u16` 0, `u32` sections, `f64` edge in ms; then for each
/// section `u32` population (its position in ``ViewedRun/populations``), `u32` n, `f64` base in ms, `f32[n]` times after the
/// base in ms, `u32[n]` ids. Sections are multiples of 8 bytes, so that a page can read the arrays in place.
public struct SpikeBatch: Sendable {
  /// Everything before this time, in ms, has been sent.
  public private(set) var edge: Double
  /// The time of the first spike, in ms; ``edge`` without spikes.
  public private(set) var start: Double
  public private(set) var spikes = 0
  private var sections = 0
  private var content = ByteBuffer()

  /// A batch without spikes.
  public init(edge: Double) {
    self.edge = edge
    start = edge
  }

  /// Adds the spikes of one population; nothing when there are none.
  public mutating func add(population: Int, times: some Collection<Double>, ids: some Collection<UInt32>) {
    precondition(times.count == ids.count)
    guard let base = times.min() else { return }
    content.reserveCapacity(content.writerIndex + 16 + 8 * times.count)
    content.writeMultipleIntegers(UInt32(population), UInt32(times.count), base.bitPattern, endianness: .little)
    for time in times { content.writeInteger(Float(time - base).bitPattern, endianness: .little) }
    for id in ids { content.writeInteger(id, endianness: .little) }
    spikes += times.count
    sections += 1
    start = min(start, base)
  }

  /// Adds the sections of a later batch.
  mutating func append(_ later: SpikeBatch) {
    content.writeImmutableBuffer(later.content)
    spikes += later.spikes
    sections += later.sections
    start = min(start, later.start)
    edge = later.edge
  }

  var message: ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(16 + content.readableBytes)
    buffer.writeMultipleIntegers(UInt8(1), UInt8(0), UInt16(0), UInt32(sections), edge.bitPattern, endianness: .little)
    buffer.writeImmutableBuffer(content)
    return buffer
  }
}
