import Foundation
import SNNTestSupport
import Testing

/// Every network of `networks/`, run as a user would, shortened.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)), .serialized)
struct NetworksTests {
  static let simulated = [
    "Brunel2000", "CasanuevaMorato2022", "DiehlCook2015", "Eichler2017", "Grimaldi2023_motion", "Izhikevich2003",
    "Izhikevich2007", "Jiang2025", "MorrisonAertsenDiesmann2007", "PairSTDP", "PotjansDiesmann2014", "Shrestha2018_oxford",
    "Sjostrom2001", "SongMillerAbbott2000", "SparseActivity", "SrinivasanPlenzGirvan2025", "VogelsAbbott2005_COBA",
    "VogelsAbbott2005_CUBA", "VogelsSprekeler2011",
  ]
  static let names = (simulated + NetworksTrainingTests.names).sorted()

  /// Those whose data are there: MNIST is not part of the repository.
  static let runnable = simulated.filter { $0 != "DiehlCook2015" || hasMNIST }
  static let hasMNIST = has("mnist/t10k-images-idx3-ubyte.gz")
  static func has(_ file: String) -> Bool {
    ["datasets", "../shared/datasets", ProcessInfo.processInfo.environment["SNNSIM_DATASETS"] ?? ""].contains {
      let folder = $0.hasPrefix("/") ? $0 : SnnsimProcess.root.path + "/" + $0
      return FileManager.default.fileExists(atPath: folder + "/" + file)
    }
  }
  /// What makes a large network small enough for a test.
  static let smaller = ["MorrisonAertsenDiesmann2007": ["--set", "parameters.scale=0.04"]]

  @Test("Diehl & Cook's network finds MNIST", .enabled(if: hasMNIST, "needs MNIST in datasets/mnist"))
  func diehlCookIsRunnable() { #expect(Self.runnable.contains("DiehlCook2015")) }

  @Test("Every network file of the folder is among the tested ones")
  func noneIsForgotten() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: SnnsimProcess.root.path + "/networks")
    #expect(files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted() == Self.names)
  }

  @Test("A network file is valid and says where it was published", arguments: runnable + NetworksTrainingTests.runnable)
  func isValid(_ name: String) throws {
    let outcome = try SnnsimProcess.run("check", networkPath(name))
    #expect(outcome.code == 0, Comment(rawValue: outcome.stderr))
    let text = try String(contentsOfFile: networkPath(name), encoding: .utf8)
    #expect(text.hasPrefix("//") && (text.contains("doi:") || text.contains("arXiv:")))
  }

  @Test("1, 2, 3 and 8 threads give the same spikes, also with pauses in the scheduler", arguments: runnable)
  func ignoresThreads(_ name: String) throws {
    let arguments = ["verify", networkPath(name), "--threads-list", "1,2,3,8", "--duration", "60"] + (Self.smaller[name] ?? [])
    #expect(try SnnsimProcess.run(arguments).code == 0)
    #expect(try SnnsimProcess.run(arguments + ["--pauses", "20050701"]).code == 0)
  }

  @Test("Izhikevich's cells fire near 10 Hz and the spectrum of their rate peaks in the alpha band, as in figure 3")
  func izhikevich() throws {
    let run = try NetworkRun("Izhikevich2003", from: 100)
    #expect((8...12).contains(run["E", "rate_mean_hz"]))
    #expect((8...12).contains(run["I", "rate_mean_hz"]))
    #expect((5...13).contains(run["E", "peak_hz"]))
  }

  @Test("The activity of Vogels and Abbott's networks outlasts the transient that started it")
  func activityPersists() throws {
    for (name, rates) in [("VogelsAbbott2005_COBA", 10.0...20.0), ("VogelsAbbott2005_CUBA", 3.0...6.0)] {
      let run = try NetworkRun(name, from: 500)
      for population in ["E", "I"] { #expect(rates.contains(run[population, "rate_mean_hz"]), "\(name) \(population)") }
    }
  }

  @Test("The microcircuit at full scale has the published 77,169 neurons and 0.3 billion synapses")
  func microcircuitSize() throws {
    let outcome = try SnnsimProcess.run(
      "check", networkPath("PotjansDiesmann2014"), "--json", "--set", "parameters.scale=1")
    let object = try #require(outcome.object)
    #expect(object["neurons"] as? Int == 77_169)
    #expect((298e6...300e6).contains(object["synapses"] as? Double ?? 0))
  }

  @Test("Every layer of the microcircuit fires, inhibitory cells faster than excitatory ones, near NEST's rates")
  func microcircuit() throws {
    let run = try NetworkRun("PotjansDiesmann2014", "--duration", "600", from: 200)
    // Of NEST's example at full scale; smaller networks fire less, in NEST too.
    let rates = [
      "L23E": 0.903, "L23I": 2.965, "L4E": 4.414, "L4I": 5.876, "L5E": 7.569, "L5I": 8.633, "L6E": 1.105, "L6I": 7.829,
    ]
    for (name, rate) in rates { #expect((0.4 * rate...1.3 * rate).contains(run[name, "rate_mean_hz"]), "\(name)") }
    for layer in ["L23", "L4", "L5", "L6"] { #expect(run[layer + "E", "rate_mean_hz"] < run[layer + "I", "rate_mean_hz"]) }
  }

  @Test("All 51,693 synapses of the larva's mushroom bodies are in the data, in 14,961 connections")
  func mushroomBodySynapses() throws {
    let folder = SnnsimProcess.root.appendingPathComponent("datasets/drosophila-larva")
    var connections = 0
    var synapses = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".csv") {
      let lines = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8).split(separator: "\n").dropFirst()
      connections += lines.count
      synapses += lines.reduce(0) { $0 + (Int($1.split(separator: ",")[2]) ?? 0) }
    }
    #expect(connections == 14_961)
    #expect(synapses == 51_693)
    let check = try #require(try SnnsimProcess.run("check", networkPath("Eichler2017"), "--json").object)
    // Four input trains onto each of 121 projection neurons come on top.
    #expect(check["synapses"] as? Double == Double(14_961 + 4 * 121))
  }

  @Test("Kenyon cells answer sparsely to projection neurons, in both mushroom bodies")
  func mushroomBody() throws {
    let run = try NetworkRun("Eichler2017", from: 0)
    for side in ["L", "R"] {
      #expect((10...40).contains(run["PN_" + side, "rate_mean_hz"]))
      #expect((1...0.5 * run["PN_" + side, "rate_mean_hz"]).contains(run["KC_" + side, "rate_mean_hz"]))
      #expect((5...60).contains(run["MBON_" + side, "rate_mean_hz"]))
    }
  }

  @Test("The Oxford pattern drives both layers")
  func oxford() throws {
    let run = try NetworkRun("Shrestha2018_oxford", from: 0)
    #expect((5...40).contains(run["hidden", "rate_mean_hz"]))
    #expect((5...40).contains(run["output", "rate_mean_hz"]))
  }
}
