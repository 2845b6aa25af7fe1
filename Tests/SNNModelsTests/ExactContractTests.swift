import SNNModels
import SNNTestSupport
import Testing

@Suite struct ExactContractTests {
  @Test("iaf_psc_delta keeps the promises of an event-driven neuron") func delta() {
    #expect(checkEventDrivenNeuron(IafPscDelta.self, weight: 10, current: 800) == [])
  }
  @Test("iaf_psc_exp keeps the promises of an event-driven neuron") func exponential() {
    #expect(checkEventDrivenNeuron(IafPscExp.self, weight: 1500, current: 800) == [])
  }
  @Test("iaf_psc_alpha keeps the promises of an event-driven neuron") func alpha() {
    #expect(checkEventDrivenNeuron(IafPscAlpha.self, weight: 800, current: 800) == [])
  }
  @Test("iaf_cond_exp keeps the promises of an event-driven neuron") func conductance() {
    #expect(checkEventDrivenNeuron(IafCondExp.self, weight: 60, current: 800, rounds: 20) == [])
  }
  @Test("iaf_cond_alpha keeps the promises of an event-driven neuron") func alphaConductance() {
    #expect(checkEventDrivenNeuron(IafCondAlpha.self, weight: 30, current: 800, rounds: 20) == [])
  }
}
