import SNNCompiler
import SNNDynamics
import SNNModels

extension Catalogue {
  /// What `snnsim` knows: one line per neuron model and connection rule. A user's own package writes
  /// `Catalogue.standard.adding(neuron: MyNeuron.self)`.
  public static let standard = Catalogue(
    neurons: [
      IafPscDelta.self, IafPscExp.self, IafPscAlpha.self, IafCondExp.self, IafCondAlpha.self, AeifCondExp.self,
      Izhikevich.self, ParrotNeuron.self,
    ],
    rules: [
      AllToAll.self, OneToOne.self, FixedIndegree.self, FixedOutdegree.self, FixedTotalNumber.self, PairwiseBernoulli.self,
      PairList.self, PairFile.self,
    ],
    inputs: StandardInputs.descriptions)
}
