import Testing

@testable import SNNDescription

@Suite struct OverrideTests {
  @Test("Options replace values anywhere in the file; the last one wins") func replaces() throws {
    let file = try readNetwork(
      brunel,
      overrides: [
        .set("parameters.g=4.5"), .set("populations.E.size=100"), .set("projections.E->.weight=\"0.2 mV\""),
        .set("projections.I->.rule.k=7"), .set("populations.I.params.V_th=15 mV"), .set("record.vm.ids[2]=9"),
        .set("record.vm.ids.1=8"),
        .set("output.spikes=npz"), .set("run.seed=1"), .seed("2"), .duration("2 s"), .engine("grid"),
      ])
    #expect(file.parameters[1].value == .number(4.5))
    #expect(file.projections[2].weight == .number(-0.45))
    #expect(file.populations[0].size == 100)
    #expect(file.populations[1].params["V_th"] == .number(15))
    #expect(file.projections[0].weight == .number(0.2))
    #expect(file.projections[3].rule.fields["k"] == .integer(7))
    #expect(file.recordings[1].ids == [0, 8, 9])
    #expect(file.output.spikes == [.npz])
    #expect(file.run.seed == 2)
    #expect(file.run.duration == 2000)
    #expect(file.run.engine == .grid)
  }

  @Test("An option may give a key that the file leaves out") func addsKeys() throws {
    let file = try readNetwork(
      minimal(), overrides: [.set("run.resolution=0.05"), .set("output.spikes=[\"csv\"]"), .set("populations.E.params.t_ref=1")])
    #expect(file.run.resolution == 0.05)
    #expect(file.output.spikes == [.csv])
    #expect(file.populations[0].params == ["t_ref": .number(1)])
  }

  @Test("Names with points are found by the longest match") func pointsInNames() throws {
    let text = """
      { "format": "snnsim/1", "run": { "duration": 1 },
        "populations": { "L2": { "model": "iaf_psc_delta", "size": 1 }, "L2.3": { "like": "L2" } } }
      """
    let file = try readNetwork(text, overrides: [.set("populations.L2.3.size=5")])
    #expect(file.populations.map(\.size) == [1, 5])
  }
}
