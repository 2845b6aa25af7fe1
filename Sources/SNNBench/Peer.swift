/// A simulator that snnsim is compared with.
public enum Peer: Sendable, Hashable, CaseIterable {
  case nest
  /// Brian2's C++ standalone programs.
  case brian2
  /// The same with a step so fine that its error is near that of snnsim at the network's own step.
  case brian2Fine
  /// PyTorch, for spiking networks with snnTorch: of trainings.
  case torch

  /// What `--peers` calls it, and `tools/peers/peer.py --simulator` those that simulate.
  public var simulator: String {
    switch self {
    case .nest: "nest"
    case .brian2, .brian2Fine: "brian2"
    case .torch: "torch"
    }
  }

  public var name: String {
    switch self {
    case .nest: "NEST"
    case .brian2: "Brian2"
    case .brian2Fine: "Brian2, fine step"
    case .torch: "PyTorch"
    }
  }
}
