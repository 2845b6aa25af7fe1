import SNNSignals

/// A primary projection and the third population that joins its connections.
public struct ThirdFactorShape: Sendable {
  public var primary: ProjectionShape
  /// Size of the third population.
  public var thirds: Int
  /// Decides, keyed by (target, number of the connection in the target's list), who joins a connection.
  public var choice: RandomStream
  /// Keyed by target: who may join its connections.
  public var pools: RandomStream

  public init(primary: ProjectionShape, thirds: Int, choice: RandomStream, pools: RandomStream) {
    self.primary = primary
    self.thirds = thirds
    self.choice = choice
    self.pools = pools
  }
}

/// Which cells of a third population join the connections i → j of a primary projection, each by a pair of connections: i → a
/// and a → j.
///
/// Asked for one half of the pairs it decides as for the other.
public protocol ThirdFactorRule: Sendable {
  static var description: EntryDescription { get }
  /// Reads its parameters from the checked fields of the network file. A field that may be absent takes its default.
  init(fields: [String: FieldValue]) throws
  /// What is wrong with this rule for these sizes, as sentences naming its fields; empty when nothing is.
  func problems(_ shape: ThirdFactorShape) -> [String]
  /// Expected number of pairs for so many primary connections.
  func expectedPairs(_ primary: Double) -> Double
  /// i → a for the pairs: in the order of their targets j.
  func toThird(_ primary: Connectivity, _ shape: ThirdFactorShape) -> Connectivity
  /// a → j for the pairs.
  func fromThird(_ primary: Connectivity, _ shape: ThirdFactorShape) -> Connectivity
}
