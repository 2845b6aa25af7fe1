/// What is measured while learning: for each name a sum and a count, so that a mean over an epoch does not depend on how large
/// its batches were.
public struct Measures: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var name: String
    public var sum: Double
    public var count: Int
    public var mean: Double { sum / Double(count) }
  }
  /// In the order of their first mention.
  public internal(set) var entries: [Entry] = []

  public init() {}

  /// Adds `count` values whose sum is `sum`. Nothing is added for no values.
  public mutating func add(_ name: String, sum: Double, count: Int) {
    guard count > 0 else { return }
    if let place = entries.firstIndex(where: { $0.name == name }) {
      entries[place].sum += sum
      entries[place].count += count
    } else {
      entries.append(Entry(name: name, sum: sum, count: count))
    }
  }

  public mutating func add(_ other: Measures) {
    for entry in other.entries { add(entry.name, sum: entry.sum, count: entry.count) }
  }

  /// The mean of what was added under a name; nil without any.
  public subscript(name: String) -> Double? { entries.first { $0.name == name }?.mean }
}
