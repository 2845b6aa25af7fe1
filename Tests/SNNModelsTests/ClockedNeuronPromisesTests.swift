import SNNDynamics
import SNNModels
import SNNTestSupport
import Testing

@Suite struct ClockedNeuronPromisesTests {
  @Test(
    "Every grid model keeps the promises of a clocked neuron",
    arguments: [
      IafPscDelta.self, IafPscExp.self, IafPscAlpha.self, IafCondExp.self, IafCondAlpha.self, AeifCondExp.self,
      Izhikevich.self, ParrotNeuron.self,
    ] as [any ClockedNeuron.Type])
  func conforms(_ model: any ClockedNeuron.Type) {
    #expect(checkClockedNeuron(model) == [])
  }
}
