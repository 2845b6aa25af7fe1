import SNNDescription
import SNNSignals

/// How the compiler gets at data files: functions, so that it knows no format. Each throws a describable error.
public struct DataSource: Sendable {
  /// Columns of a connection list.
  public struct Pairs: Sendable {
    public var pre: [UInt32]
    public var post: [UInt32]
    public var weight: [Double]?
    public var delay: [Double]?
    public init(pre: [UInt32], post: [UInt32], weight: [Double]?, delay: [Double]?) {
      self.pre = pre
      self.post = post
      self.weight = weight
      self.delay = delay
    }
  }
  /// One number per entity.
  public var numbers: @Sendable (_ path: String) throws -> [Double]
  /// Numbers over time: times in ms.
  public var series: @Sendable (_ path: String) throws -> (times: [Double], values: [Double])
  /// Spikes: times in ms and source ids; `population` chooses among several in the file.
  public var spikes: @Sendable (_ path: String, _ population: String?) throws -> (times: [Double], ids: [UInt32])
  public var pairs: @Sendable (_ path: String) throws -> Pairs
  /// Rows of bytes: samples, or labels in rows of one.
  public var bytes: @Sendable (_ path: String) throws -> (rows: Int, rowLength: Int, bytes: [UInt8])

  public init(
    numbers: @escaping @Sendable (String) throws -> [Double],
    series: @escaping @Sendable (String) throws -> (times: [Double], values: [Double]),
    spikes: @escaping @Sendable (String, String?) throws -> (times: [Double], ids: [UInt32]),
    pairs: @escaping @Sendable (String) throws -> Pairs,
    bytes: @escaping @Sendable (String) throws -> (rows: Int, rowLength: Int, bytes: [UInt8])
  ) {
    self.numbers = numbers
    self.series = series
    self.spikes = spikes
    self.pairs = pairs
    self.bytes = bytes
  }
}
