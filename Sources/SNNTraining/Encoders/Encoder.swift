import SNNSignals

/// Turns samples into what a learner takes: frames of numbers or spikes. A value of the type holds the parameters.
///
/// Random draws come from the sample's ``SampleDraws`` alone, so that a sample is encoded alike in whichever batch and on
/// whichever thread.
public protocol Encoder: LearnerParameters {
  static var name: String { get }
  static var summary: String { get }
  static var equations: String { get }
  /// Paper with DOI.
  static var source: String { get }
  static var parameters: [LearnerParameter<Self>] { get }

  /// What comes out when samples of this shape go in.
  /// - Throws: `TrainingError` when they can't.
  func shape(of input: SampleShape) throws -> SampleShape
  /// Encodes one sample; `input` is the shape that all samples have.
  func encode(_ sample: Sample, of input: SampleShape, _ draws: SampleDraws) -> Sample

  /// Whether the encoder is applied to whole data sets before training, because it is costly and draws nothing.
  static var runsOnce: Bool { get }
  /// Learns what it must know of the training samples, before anything is encoded.
  mutating func fit(_ training: Dataset)
}

extension Encoder {
  public static var runsOnce: Bool { false }
  public mutating func fit(_ training: Dataset) {}

  /// The entry of this encoder in the vocabulary, made from its tables.
  public static var entry: EntryDescription {
    EntryDescription(
      category: .encoder, name: name, summary: summary, equations: equations, source: source, fields: parameters.map(\.field))
  }

  /// An encoder with the parameters of a network file, which have been checked against ``entry``.
  public static func make(fields: [String: FieldValue]) -> Self {
    var encoder = Self()
    for parameter in parameters {
      if let value = fields[parameter.field.name] { parameter.put(value, &encoder) }
    }
    return encoder
  }

  /// The error for samples of a shape that the encoder can't take.
  func misfit(_ shape: SampleShape, hint: String) -> TrainingError {
    TrainingError("the encoder \"\(Self.name)\" can't take \(shape)", hint: hint, parameter: "encoder")
  }
}

/// The random numbers of one sample in one round: keyed by seed, data set, place among the encoders, sample and round.
public struct SampleDraws: Sendable {
  let stream: RandomStream
  let id: UInt64
  let round: UInt64

  /// Four words of the sample's; `number` is below 2³².
  @inline(__always)
  func words(_ number: Int) -> Philox.Words { stream.words(index: id, draw: round << 32 | UInt64(number)) }
}
