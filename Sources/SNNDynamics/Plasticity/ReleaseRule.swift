/// Short-term plasticity of release: how much of its weight a synapse transmits at each spike, from the presynaptic spikes
/// alone. All synapses of one presynaptic neuron in a projection are alike, so the kernel asks once per spike.
///
/// It combines with every ``LearningRule``: the one says what the weight is, the other how much of it is released.
public protocol ReleaseRule: PlasticityRule {
  /// Up to four variables of one presynaptic neuron at t = 0.
  var initialState: SIMD4<Double> { get }
  /// A spike `interval` ms after the last (infinite for the first): changes the state and returns the part of the weight that
  /// is transmitted.
  func spike(_ state: inout SIMD4<Double>, interval: Double) -> Double
}
