/// A weight that no spike changes: what short-term plasticity alone works on.
public struct ConstantWeight: LearningRule {
  public static let name = "constant"
  public static let summary = "Weights stay as they are."
  public static let equations = "dw/dt = 0"
  public static let pairing = "none"
  public static let source = "none"
  public static let parameters: [Parameter<Self>] = []
  public init() {}
}
