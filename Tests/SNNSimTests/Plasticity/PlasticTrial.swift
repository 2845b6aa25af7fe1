import Foundation
import SNNFiles
import SNNSim
import SNNTestSupport
import Testing

/// Spikes of some sources, ms.
struct Trains: Sendable {
  var times: [[Double]]

  /// Poisson trains of `rate` Hz from 51 ms on; on the grid of 0.1 ms, or off it.
  init(_ count: Int, rate: Double, until end: Double, onGrid: Bool, _ draws: inout Draws) {
    times = (0..<count).map { _ in
      var train: [Double] = []
      for t in draws.poissonTimes(rate: rate / 1000, until: end - 51) {
        let time = ((t + 51) * (onGrid ? 10 : 1e4)).rounded() / (onGrid ? 10 : 1e4)
        if time - (train.last ?? 0) > 0.15 { train.append(time) }
      }
      return train
    }
  }
  init(_ times: [[Double]]) { self.times = times }

  /// The fields of an input that plays them, `lead` ms early.
  func fields(lead: Double = 0) -> String {
    let all = times.enumerated().flatMap { id, train in train.map { (time: $0, id: id) } }.sorted { $0.time < $1.time }
    let moments = all.map { String(format: "%.6f", $0.time - lead) }.joined(separator: ",")
    return "\"times\": [\(moments)], \"ids\": [\(all.map { "\($0.id)" }.joined(separator: ","))]"
  }
}

/// One plastic projection, all to all, between given trains: a network file run in this process. Its neurons spike when they are
/// told to and never else.
struct PlasticTrial: Sendable {
  var engine = "grid"
  var plasticity: String
  /// The value of the projection's `delay`.
  var delay = "1.5"
  var duration = 1200.0
  var every = 50.0
  var threads = 1
  var weight = #"{ "dist": "uniform", "low": 0.3, "high": 0.7 }"#
  var pre: Trains
  var post: Trains
  /// Of the input "dopamine", when there is one.
  var modulator = Trains([])
  var morePopulations = ""
  var moreProjections = ""

  /// Random trains. With `lag` some presynaptic spikes are placed `lag` ms after postsynaptic ones, to meet them at the synapse.
  init(
    _ plasticity: String, engine: String = "grid", delay: String = "1.5", duration: Double = 1200, lag: Double? = nil,
    dopamine: Int = 0, seed: UInt64 = 3
  ) {
    var draws = Draws(seed: seed)
    self.engine = engine
    self.plasticity = plasticity
    self.delay = delay
    self.duration = duration
    let onGrid = engine == "grid"
    pre = Trains(5, rate: 20, until: duration - 20, onGrid: onGrid, &draws)
    post = Trains(3, rate: 20, until: duration - 20, onGrid: onGrid, &draws)
    modulator = Trains(dopamine, rate: 10, until: duration - 20, onGrid: onGrid, &draws)
    guard let lag else { return }
    for (n, time) in post.times[0].enumerated() where n % 3 == 0 {
      let meeting = ((time + lag) * 1e4).rounded() / 1e4
      if pre.times[0].allSatisfy({ abs($0 - meeting) > 0.15 }) { pre.times[0].append(meeting) }
    }
    pre.times[0].sort()
  }

  var network: String {
    """
    {
      "format": "snnsim/1", "name": "trial", "run": { "duration": \(duration), "engine": "\(engine)", "seed": 5 },
      "populations": {
        "post": { "model": "iaf_psc_delta", "size": \(post.times.count), "params": { "t_ref": 0, "V_th": 1e6 } }\(morePopulations)
      },
      "inputs": {
        "pre": { "type": "spikes", "size": \(pre.times.count), \(pre.fields()) },
        "dopamine": { "type": "spikes", "size": \(max(1, modulator.times.count)), \(modulator.fields()) },
        "drive": { "type": "spikes", "target": "post", "weight": 1e9, "delay": 0.1, \(post.fields(lead: 0.1)) }
      },
      "projections": {
        "learn": {
          "source": "pre", "target": "post", "rule": { "type": "all_to_all" }, "weight": \(weight), "delay": \(delay),
          "plasticity": \(plasticity)
        }\(moreProjections)
      },
      "record": {
        "spikes": { "what": "spikes", "of": "post" },
        "w": { "what": "weight", "of": "learn", "every": \(every) }
      }
    }
    """
  }

  /// One synapse as the results show it.
  struct Synapse {
    var pre, post: Int
    /// Dendritic, ms.
    var delay: Double
    /// At ``Outcome/times``.
    var weights: [Double]
    var final: Double
  }
  struct Outcome {
    var times: [Double]
    var synapses: [Synapse]
    var report: RunReport
  }

  func run() throws -> Outcome {
    let directory = try TemporaryDirectory()
    let loaded = try LoadedNetwork(URL(fileURLWithPath: directory.write(network, to: "net.json")))
    var settings = RunSettings()
    settings.threads = threads
    settings.output = directory.file("out")
    let report = try Simulation(loaded, settings: settings).run().report
    let spikes = try SpikeTable.read(path: directory.file("out/spikes.h5"), population: "post")
    let expected = post.times.enumerated().flatMap { id, train in train.map { (time: $0, id: id) } }.sorted { $0.time < $1.time }
    try #require(spikes.times.count == expected.count && zip(spikes.times, expected).allSatisfy { abs($0 - $1.time) < 1e-9 })
    let record = try NPZFile(path: directory.file("out/records/w.npz"))
    let times = try record.column("times")
    let all = try record.array("weight").doubles
    let final = try NPZFile(path: directory.file("out/weights/learn.npz"))
    let (pres, posts) = (try final.ids("pre"), try final.ids("post"))
    let (weights, delays) = (try final.column("weight"), try final.column("delay"))
    try #require(try record.ids("pre") == pres && record.ids("post") == posts)
    let synapses = pres.indices.map { n in
      Synapse(
        pre: Int(pres[n]), post: Int(posts[n]), delay: delays[n],
        weights: times.indices.map { all[$0 * pres.count + n] }, final: weights[n])
    }
    return Outcome(times: times, synapses: synapses, report: report)
  }
}
