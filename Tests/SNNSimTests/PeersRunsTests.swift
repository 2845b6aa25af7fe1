import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// The JSON files of a folder of Fixtures/nest, by name.
func nestFixtures(_ folder: String) -> [URL] {
  guard let url = Bundle.module.resourceURL?.appendingPathComponent("Fixtures/nest/" + folder),
    let files = try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
  else { return [] }
  return files.filter { $0.pathExtension == "json" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
}

/// A network file together with what NEST 3.10 made of it (tools/peers/nest_runs.py).
struct NESTRun: Sendable, CustomStringConvertible {
  struct Spikes: Decodable, Sendable {
    var times: [Double]
    var ids: [UInt32]
  }
  private struct Reference: Decodable {
    var spikes: [String: Spikes]
    var V_m: [String: [Double]]
  }

  var name: String
  /// The text of the network file.
  var network: String
  var spikes: [String: Spikes]
  /// Per population one row per sample, with all its neurons.
  var vm: [String: [Double]]
  var description: String { name }

  static let all: [NESTRun] = nestFixtures("networks").compactMap { try? NESTRun($0) }

  private init(_ url: URL) throws {
    let data = try Data(contentsOf: url)
    let reference = try JSONDecoder().decode(Reference.self, from: data)
    let whole = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    name = url.deletingPathExtension().lastPathComponent
    network = String(decoding: try JSONSerialization.data(withJSONObject: whole?["network"] ?? [:]), as: UTF8.self)
    spikes = reference.spikes
    vm = reference.V_m
  }

  var isExact: Bool { name.hasPrefix("exact-") }
  /// NEST integrates these with an adaptive Runge-Kutta method, to 1e-3 mV and one step.
  var isAdaptive: Bool { name.contains("_cond_") }
}

/// Whole runs of the command beside NEST: what lies in the results directory against NEST's multimeters and recorders.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct PeersRunsTests {
  @Test("There is a run of every model that NEST has, of a recurrent network and of the exact engine")
  func fixturesAreThere() { #expect(NESTRun.all.count == 11) }

  @Test("Spikes in spikes.h5 are NEST's: same steps on the grid, 1e-6 ms off it", arguments: NESTRun.all)
  func spikes(_ run: NESTRun) throws {
    let directory = try TemporaryDirectory()
    let outcome = try SnnsimProcess.runNetwork(run.network, in: directory)
    try #require(outcome.code == 0, Comment(rawValue: outcome.stderr))
    let tolerance = run.isExact ? 1e-6 : run.isAdaptive ? 0.1 + 1e-6 : 1e-6
    for (population, expected) in run.spikes {
      let found = try SpikeTable.read(path: directory.file("out/spikes.h5"), population: population)
      #expect(found.times.count == expected.times.count, "\(population)")
      for id in Set(expected.ids) {
        let (ours, theirs) = (Self.train(id, found.times, found.ids), Self.train(id, expected.times, expected.ids))
        #expect(ours.count == theirs.count, "\(population) \(id)")
        let worst = zip(ours, theirs).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= tolerance, "\(population) \(id): \(worst) ms apart")
      }
    }
  }

  @Test(
    "V_m in records/*.npz is NEST's, sample by sample: to 1e-9 mV, or 1e-3 mV for conductances outside the 5 ms after a spike",
    arguments: NESTRun.all.filter { !$0.vm.isEmpty })
  func traces(_ run: NESTRun) throws {
    let directory = try TemporaryDirectory()
    let outcome = try SnnsimProcess.runNetwork(run.network, in: directory)
    try #require(outcome.code == 0, Comment(rawValue: outcome.stderr))
    for (population, expected) in run.vm {
      let file = try NPZFile(path: directory.file("out/records/vm-\(population).npz"))
      let times = try file.column("times")
      let found = try file.array("V_m").doubles
      try #require(found.count == expected.count, "\(population)")
      #expect(zip(times, 1...).allSatisfy { abs($0 - 0.5 * Double($1)) < 1e-9 })
      let size = expected.count / times.count
      let spikes = run.spikes[population]!
      var worst = (error: 0.0, time: 0.0)
      for (i, time) in times.enumerated() {
        for id in 0..<size {
          let after = Self.train(UInt32(id), spikes.times, spikes.ids).last { $0 <= time + 0.15 }
          if run.isAdaptive, let after, time - after < 5 { continue }
          let error = abs(found[i * size + id] - expected[i * size + id])
          if !(error <= worst.error) { worst = (error, time) }
        }
      }
      #expect(worst.error <= (run.isAdaptive ? 1e-3 : 1e-9), "\(population): \(worst.error) mV apart at \(worst.time) ms")
    }
  }

  private static func train(_ id: UInt32, _ times: [Double], _ ids: [UInt32]) -> [Double] {
    zip(times, ids).filter { $0.1 == id }.map(\.0)
  }
}
