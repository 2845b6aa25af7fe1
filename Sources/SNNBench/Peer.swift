/// A simulator that snnsim is compared with.
public enum Peer: Sendable, Hashable, CaseIterable {
  case nest
  /// Brian2's C++ standalone programs.
  case brian2
  /// The same with a step so fine that its error is near that of snnsim at the network's own step.
  case brian2Fine

  /// What `tools/peers/peer.py --simulator` calls it.
  public var simulator: String { self == .nest ? "nest" : "brian2" }

  public var name: String {
    switch self {
    case .nest: "NEST"
    case .brian2: "Brian2"
    case .brian2Fine: "Brian2, fine step"
    }
  }
}
