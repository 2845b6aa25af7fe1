import SNNCompiler
import SNNDynamics
import SNNModels

extension Catalogue {
  /// What `snnsim` knows: one line per neuron model and connection rule. A user's own package writes
  /// `Catalogue.standard.adding(neuron: MyNeuron.self)`.
  public static let standard = Catalogue(
    neurons: [
      IafPscDelta.self, IafPscExp.self, IafPscAlpha.self,
    ],
    rules: [
      AllToAll.self, FixedIndegree.self,
    ],
    inputs: StandardInputs.descriptions)
}
