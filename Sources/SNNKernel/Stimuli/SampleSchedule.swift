import SNNSignals

/// Samples of data sets that are shown one after another, and when they are shown again.
public struct SamplePlay: Sendable {
  /// A data set: its samples, and how many presentations it has; what is left of them is silence.
  public struct Part: Sendable {
    public var samples: Int
    public var presentations: Int

    public init(samples: Int, presentations: Int) {
      self.samples = samples
      self.presentations = presentations
    }
  }
  /// A sample that `population` answers with fewer than `leastSpikes` spikes while it is shown comes again, brighter.
  public struct Repetition: Sendable {
    /// Index among the populations.
    public var population: Int
    public var leastSpikes: Int
    /// Hz.
    public var brighten: Double

    public init(population: Int, leastSpikes: Int, brighten: Double) {
      self.population = population
      self.leastSpikes = leastSpikes
      self.brighten = brighten
    }
  }
  /// A byte per sample and train, over all parts.
  public var bytes: [UInt8]
  public var trains: Int
  public var parts: [Part]
  /// Hz of a byte of 255.
  public var maximum: Double
  public var shown: Time
  public var rest: Time
  public var repetition: Repetition?
  /// Spikes are emitted in (start, stop].
  public var start = Time.zero
  public var stop = Time.never

  public init(
    bytes: [UInt8], trains: Int, parts: [Part], maximum: Double, shown: Time, rest: Time, repetition: Repetition? = nil
  ) {
    precondition(bytes.count == trains * parts.reduce(0) { $0 + $1.samples }, "a byte per sample and train")
    self.bytes = bytes
    self.trains = trains
    self.parts = parts
    self.maximum = maximum
    self.shown = shown
    self.rest = rest
    self.repetition = repetition
  }

  public var period: Time { shown + rest }
  public var presentations: Int { parts.reduce(0) { $0 + $1.presentations } }
  /// The longest window with which the answer to one presentation is known when the next is drawn, a window ahead.
  public var longestWindow: Time? { repetition == nil ? nil : Time(picoseconds: rest.picoseconds / 3) }
}

/// What is shown when: each presentation is settled as soon as the one before has been answered.
public final class SampleSchedule: Checkpointed, @unchecked Sendable {
  // @unchecked: changed by one thread between windows, read by tasks within them.
  public struct Presentation: Sendable {
    /// The number of the sample over all data sets; nil for silence.
    public var sample: Int?
    /// Hz of a byte of 255.
    public var maximum: Double
  }
  public let play: SamplePlay
  /// Settled so far.
  public private(set) var presentations: [Presentation] = []
  /// Spikes that have answered the last of them.
  private var answer = 0
  private var part = 0
  /// Of the present part.
  private var firstSample = 0, firstPresentation = 0

  public init(_ play: SamplePlay) {
    self.play = play
    presentations.reserveCapacity(play.presentations)
    if play.presentations > 0 { settleNext() }
    if play.repetition == nil { while presentations.count < play.presentations { settleNext() } }
  }

  /// Whether presentation `p` is the last of its sample. Known when the next has been settled.
  public func isLast(_ p: Int) -> Bool {
    p + 1 >= presentations.count || presentations[p].sample != presentations[p + 1].sample
  }

  /// Counts the spikes of `window`, part of a window or whole; settles what comes next where a presentation ends in it.
  func take(_ window: Window, _ packets: UnsafeMutableBufferPointer<SpikePacket>, _ populations: [PopulationLayout]) {
    guard let repetition = play.repetition, presentations.count < play.presentations else { return }
    let begin = play.period * (presentations.count - 1)
    let end = begin + play.shown
    guard window.end > begin else { return }
    let (after, last) = (max(window.start, begin), min(window.end, end))
    for c in populations[repetition.population].chunks {
      for spike in packets[c].spikes where spike.time > after && spike.time <= last { answer += 1 }
    }
    if window.end >= end { settleNext() }
  }

  public func pass(through state: StateTransfer) throws {
    // Else everything was settled before the run.
    guard play.repetition != nil else { return }
    var samples = presentations.map { $0.sample ?? -1 }
    var maxima = presentations.map(\.maximum)
    try state.list(&samples)
    try state.list(&maxima)
    try state.value(&answer)
    try state.value(&part)
    try state.value(&firstSample)
    try state.value(&firstPresentation)
    let all = play.parts.reduce(0) { $0 + $1.samples }
    try state.require(
      samples.count == maxima.count && samples.count <= play.presentations && samples.allSatisfy { (-1..<all).contains($0) }
        && (0...play.parts.count).contains(part) && (0...all).contains(firstSample)
        && (0...play.presentations).contains(firstPresentation),
      "shows what can't be")
    guard state.isRestoring else { return }
    presentations = zip(samples, maxima).map { Presentation(sample: $0 < 0 ? nil : $0, maximum: $1) }
  }

  private func settleNext() {
    defer { answer = 0 }
    let number = presentations.count
    while number == firstPresentation + play.parts[part].presentations {
      firstPresentation = number
      firstSample += play.parts[part].samples
      part += 1
    }
    guard number > firstPresentation, let latest = presentations.last else { return show(firstSample) }
    guard let sample = latest.sample else { return presentations.append(latest) }
    if let repetition = play.repetition, answer < repetition.leastSpikes {
      presentations.append(Presentation(sample: sample, maximum: latest.maximum + repetition.brighten))
    } else {
      show(sample + 1)
    }
  }

  private func show(_ sample: Int) {
    let isThere = sample < firstSample + play.parts[part].samples
    presentations.append(Presentation(sample: isThere ? sample : nil, maximum: play.maximum))
  }
}
