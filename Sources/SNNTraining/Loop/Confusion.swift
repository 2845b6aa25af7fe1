/// How often samples of each class were given which.
public struct Confusion: Sendable, Equatable {
  public let classes: Int
  /// Row after row: the class that samples have, then the one they were given.
  public internal(set) var counts: [Int]
  /// Samples of each class that were given none.
  public internal(set) var unanswered: [Int]

  public init(classes: Int) {
    self.classes = classes
    counts = Array(repeating: 0, count: classes * classes)
    unanswered = Array(repeating: 0, count: classes)
  }

  /// An answer that is no class counts as none.
  public mutating func add(label: Int, answer: Int) {
    if (0..<classes).contains(answer) { counts[label * classes + answer] += 1 } else { unanswered[label] += 1 }
  }

  public mutating func add(_ other: Confusion) {
    for i in counts.indices { counts[i] += other.counts[i] }
    for i in unanswered.indices { unanswered[i] += other.unanswered[i] }
  }

  public var total: Int { counts.reduce(0, +) + unanswered.reduce(0, +) }
  public var right: Int { (0..<classes).reduce(0) { $0 + counts[$1 * classes + $1] } }
  /// The part of the samples that got their class; NaN without any.
  public var accuracy: Double { Double(right) / Double(total) }
}
