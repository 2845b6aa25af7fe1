import Foundation
import SNNSim
import SNNTestSupport
import Testing

@Suite struct QuadraticNeuronTests {
  @Test("The model of the article keeps the promises of a clocked neuron")
  func conforms() { #expect(checkClockedNeuron(QuadraticNeuron.self) == []) }

  /// With x = V − (E_L + V_c)/2 the equation is dx/dt = a x² + c, whose solution is a tangent: from reset to peak takes
  /// (atan(x_peak √(a/c)) − atan(x_reset √(a/c))) / √(a c). A spike is seen at the end of its step, so each interval is that
  /// time rounded up to a step, give or take the error of the method (below a step here).
  @Test("A network file that names a model of one's own fires with the period of the closed form")
  func firesAtTheClosedFormRate() throws {
    var model = QuadraticNeuron()
    model.iE = 200
    let a = 1 / (model.tauM * (model.vC - model.eL))
    let halfWidth = (model.vC - model.eL) / 2
    let c = model.iE / model.cM - a * halfWidth * halfWidth
    let middle = (model.eL + model.vC) / 2
    func angle(_ v: Double) -> Double { atan((v - middle) * (a / c).squareRoot()) }
    let period = (angle(model.vPeak) - angle(model.vReset)) / (a * c).squareRoot()

    let file = FileManager.default.temporaryDirectory.appendingPathComponent("snnsim-qif-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let text = """
      { "format": "snnsim/1", "name": "qif", "run": { "duration": 2000, "resolution": 0.01 },
        "populations": { "n": { "model": "iaf_qif_delta", "size": 1, "params": { "I_e": \(model.iE) }, "init": { "V_m": \(model.vReset) } } } }
      """
    try text.write(to: file, atomically: true, encoding: .utf8)
    let network = try LoadedNetwork(file, catalogue: .standard.adding(neuron: QuadraticNeuron.self))
    var settings = RunSettings()
    settings.records = false
    settings.threads = 1
    let spikes = try Simulation(network, settings: settings).run().report.spikes
    #expect(abs(Double(spikes) - (2000 / (period + 0.005)).rounded(.down)) <= 1)
    #expect(spikes > 20)
  }

  @Test("The article shows exactly the code that is compiled here, in under 100 lines")
  func articleShowsThisCode() throws {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let code = try String(contentsOf: here.appendingPathComponent("QuadraticNeuron.swift"), encoding: .utf8)
    let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let article = try String(
      contentsOf: root.appendingPathComponent("Sources/SNNSim/SNNSim.docc/Articles/WriteANeuronModel.md"), encoding: .utf8)
    #expect(article.contains("```swift\n" + code + "```"))
    #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count < 100)
  }
}
