/// What becomes of the delays of a network's connections.
public enum DelayLearning: String, CaseIterable, Sendable {
  case none
  /// They stay as they were drawn.
  case fixed
  case learned
}
