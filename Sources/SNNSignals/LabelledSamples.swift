/// Samples with their classes, as a file holds them: the noun that readers of files make and training consumes.
public struct LabelledSamples: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    /// `steps` × `features` bytes a sample, one sample after another; a byte b stands for b · scale.
    case bytes([UInt8], scale: Float)
    /// `steps` × `features` numbers a sample.
    case values([Float])
    /// The spikes of each sample, in the order of time.
    case events([[SampleEvent]])
    /// Sound pressure of each sample, −1 … 1, so many times a second.
    case waves([[Float]], rate: Double)
  }
  public var content: Content
  /// 1 for a static sample; 0 where a sample has a course in time but no steps: events and waves.
  public var steps: Int
  /// Values of a step, channels of events, 1 for waves.
  public var features: Int
  /// The class of each sample: its place in ``classNames``.
  public var labels: [Int]
  public var classNames: [String]

  public init(_ content: Content, steps: Int, features: Int, labels: [Int], classNames: [String]) {
    self.content = content
    self.steps = steps
    self.features = features
    self.labels = labels
    self.classNames = classNames
  }

  public var count: Int { labels.count }
  public var classes: Int { classNames.count }
}

/// A spike of a sample.
public struct SampleEvent: Sendable, Equatable, BitwiseCopyable {
  /// ms from the sample's beginning.
  public var time: Float
  public var channel: UInt32

  public init(time: Float, channel: UInt32) {
    self.time = time
    self.channel = channel
  }
}
