import SNNCompiler
import SNNDense
import SNNDynamics
import SNNFiles
import SNNModels
import SNNTraining

extension Catalogue {
  /// What `snnsim` knows: every neuron model, connection rule, rule of plasticity and learner. A user's own package writes
  /// `Catalogue.standard.adding(neuron: MyNeuron.self)`.
  public static let standard = Catalogue(
    neurons: [
      IafPscDelta.self, IafPscExp.self, IafPscAlpha.self, IafCondExp.self, IafCondAlpha.self, AeifCondExp.self,
      AeifPscDeltaClopath.self, AeifCondAlphaAstro.self, Izhikevich.self, DiehlCook2015.self, ParrotNeuron.self,
      AstrocyteLR1994.self, AstrocyteDePitta2018.self,
    ],
    rules: [
      AllToAll.self, OneToOne.self, FixedIndegree.self, FixedOutdegree.self, FixedTotalNumber.self, PairwiseBernoulli.self,
      PairList.self, PairFile.self,
    ],
    thirdRules: [ThirdFactorBernoulliWithPool.self],
    learningRules: [
      STDP.self, STDPTriplet.self, STDPDopamine.self, STDPSpiNNaker.self, Clopath.self, VogelsSprekeler.self,
      STDPDiehlCook.self, SynapticScaling.self, SoftHebbian.self, HebbianForwardForward.self, Gliotransmission.self,
      AstrocyteGatedSTDP.self,
    ],
    delayRules: [DelayShift.self, DelaySTDP.self, DelaySelection.self], releaseRules: [Tsodyks2.self],
    structuralRules: [StructuralPlasticity.self], learners: denseLearners,
    encoders: [
      DirectEncoder.self, RateEncoder.self, LatencyEncoder.self, PopulationEncoder.self, EventBinsEncoder.self,
      FilterBankEncoder.self, StandardiseEncoder.self, TimesEncoder.self,
    ],
    inputs: StandardInputs.descriptions, data: SampleFormats.entries)
}
