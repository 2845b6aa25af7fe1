import Foundation

/// How a learning rate changes over a training: a factor for each moment of it. A learner offers it as one of its parameters,
/// `LearnerParameter("schedule", \.schedule, "course of the learning rate")`, and multiplies by ``factor(at:)`` of a moment's
/// progress.
public enum Schedule: String, CaseIterable, Sendable {
  case constant
  /// Falls to 0 in a straight line.
  case linear
  /// Stays for the first half and then falls to 0 in a straight line, as in Hinton (2022), arXiv:2212.13345.
  case linearAfterHalf = "linear_after_half"
  /// Falls to 0 along half a cosine: Loshchilov & Hutter (2017), arXiv:1608.03983.
  case cosine

  /// - Parameter progress: the part of the training that has passed, 0 … 1.
  public func factor(at progress: Double) -> Double {
    switch self {
    case .constant: 1
    case .linear: 1 - progress
    case .linearAfterHalf: min(1, 2 * (1 - progress))
    case .cosine: (1 + cos(Double.pi * progress)) / 2
    }
  }
}
