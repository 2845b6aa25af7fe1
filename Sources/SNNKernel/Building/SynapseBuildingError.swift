import SNNSignals

/// A projection whose synapses can't be built as described.
public struct SynapseBuildingError: Error, Equatable, CustomStringConvertible {
  public enum Problem: Equatable, Sendable {
    /// A weight that is not finite, or beyond single precision where it is kept in it.
    case weight(Double)
    /// A delay, ms, that is not a number or beyond the range of time.
    case delay(Double)
    /// A delay, ms, that rounds to less than one step (`least`, ms).
    case delayTooShort(Double, least: Double)
    /// A delay, ms, beyond the longest that can be kept (`most`, ms).
    case delayTooLong(Double, most: Double)
    /// So many negative weights onto a conductance whose receptor is given as excitatory, or onto an astrocyte.
    case negativeWeights(Int)
    /// A first weight whose magnitude is above the bound (`most`) of the rule that learns it.
    case weightAboveBound(Double, most: Double)
    /// Weights of both signs onto one receptor, of a projection that learns magnitudes.
    case weightsOfBothSigns
    /// So many synapses onto a neuron of a projection that rewires, which grows none from a source that has one already.
    case moreSynapsesThanSources(Int, sources: Int)
    /// More synapses onto one chunk than a table can number.
    case tooManySynapses(Int)
  }
  public var projection: String
  /// The target neuron, when one synapse is at fault.
  public var target: Int?
  public var problem: Problem

  public init(projection: String, target: Int? = nil, problem: Problem) {
    self.projection = projection
    self.target = target
    self.problem = problem
  }

  public var description: String {
    let place = "projection \"\(projection)\"" + (target.map { ", a synapse onto neuron \($0)" } ?? "")
    switch problem {
    case .weight(let w): return "\(place): the weight is \(w); weights must be finite and below 3.4e38"
    case .delay(let d): return "\(place): the delay is \(d) ms"
    case .delayTooShort(let d, let least):
      return "\(place): the delay of \(d) ms is below the least possible of \(least) ms"
    case .delayTooLong(let d, let most):
      return "\(place): the delay of \(d) ms is above the longest possible of \(most) ms"
    case .negativeWeights(let n):
      return "\(place): \(n) weights are negative; a conductance whose receptor is given as \"ex\" and an astrocyte take none"
    case .weightAboveBound(let w, let most):
      return "\(place): the weight is \(w), beyond the bound of \(most) of its rule; make w_max larger or the weight smaller"
    case .weightsOfBothSigns:
      return "\(place): weights have both signs, but a rule learns magnitudes; make a projection for each sign"
    case .moreSynapsesThanSources(let n, let sources):
      return "\(place): the neuron has \(n) of the projection's synapses, but \(sources) sources; each that grows needs its own"
    case .tooManySynapses(let n):
      return "\(place): \(n) synapses onto one chunk of neurons; at most \(UInt32.max) fit"
    }
  }
}
