import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// One run of the command, and its results as another program would read them.
struct WholeRun {
  let directory: TemporaryDirectory
  let outcome: SnnsimProcess.Outcome
  let output: String

  /// Runs `network` with `--json`; more arguments may follow. The run must succeed.
  init(_ network: String, _ arguments: String..., in directory: TemporaryDirectory? = nil) throws {
    self.directory = try directory ?? TemporaryDirectory()
    let path = try self.directory.write(network, to: "net.json")
    output = self.directory.file("out-\(UUID().uuidString)")
    outcome = try SnnsimProcess.run(
      ["run", path, "--json", "--output", output] + arguments, in: self.directory.path)
    try #require(outcome.code == 0, "\(outcome.stderr)")
  }

  var json: [String: Any] { outcome.object ?? [:] }
  var digest: String { (json["digests"] as? [String: Any])?["spikes"] as? String ?? "none" }
  var spikeCount: Int { json["spikes"] as? Int ?? -1 }

  func spikes(_ population: String) throws -> SpikeTable {
    try SpikeTable.read(path: output + "/spikes.h5", population: population)
  }

  /// One record of one population: the moments, and for each sampled neuron its values.
  func trace(_ record: String, _ variable: String) throws -> Trace {
    try Trace(output + "/records/\(record).npz", variable)
  }
}

/// Samples of one variable.
struct Trace {
  var times: [Double]
  var ids: [UInt32]
  /// Per neuron, over time.
  var values: [[Double]]

  /// Reads a record of one population.
  init(_ path: String, _ variable: String) throws {
    let file = try NPZFile(path: path)
    let times = try file.column("times")
    let ids = try file.ids("ids")
    let all = try file.array(variable).doubles
    self.times = times
    self.ids = ids
    values = ids.indices.map { k in times.indices.map { all[$0 * ids.count + k] } }
  }

  /// The value of the `neuron`-th sampled neuron at a moment that was sampled.
  func value(_ neuron: Int, at time: Double) -> Double {
    guard let i = times.firstIndex(where: { abs($0 - time) < 1e-9 }) else { return .nan }
    return values[neuron][i]
  }
}

/// The largest distance of two lists of the same length.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// How many standard deviations `found` lies from what a Poisson count of mean `expected` should be.
func deviation(_ found: Int, _ expected: Double) -> Double { (Double(found) - expected) / expected.squareRoot() }

/// A network of neurons that count: no threshold within reach and hardly a leak (10⁻⁹ per ms, so that whole numbers are found
/// by rounding), so that V_m is the sum of all weights received.
func counting(
  _ size: Int, duration: Double, engine: String = "grid", every: Double = 1, inputs: String, more: String = "",
  records: String = ""
) -> String {
  """
  {
    "format": "snnsim/1", "name": "counting", "run": { "duration": \(duration), "engine": "\(engine)", "seed": 4 },
    "populations": {
      "n": { "model": "iaf_psc_delta", "size": \(size), "params": { "tau_m": 1e9, "E_L": 0, "V_th": 1e12, "V_reset": -1 } }
      \(more)
    },
    "inputs": { \(inputs) },
    "record": {
      "v": { "what": "V_m", "of": "n", "every": \(every) }
      \(records)
    }
  }
  """
}

/// One neuron (or `size`) without a threshold in reach, V_m sampled at every step.
func quiet(
  _ model: String, engine: String, duration: Double, size: Int = 1, params: String = "", inputs: String, variable: String = "V_m"
) -> String {
  """
  {
    "format": "snnsim/1", "name": "quiet", "run": { "duration": \(duration), "engine": "\(engine)", "seed": 4 },
    "populations": {
      "n": { "model": "\(model)", "size": \(size), "params": { "V_th": 1e6\(params.isEmpty ? "" : ", ")\(params) } }
    },
    "inputs": { \(inputs) },
    "record": { "v": { "what": "\(variable)", "of": "n", "every": 0.1 } }
  }
  """
}
