import Foundation
import SNNFiles
import SNNTestSupport
import Testing

@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct RecordingTests {
  static func network(_ engine: String, _ records: String, duration: Double = 100) -> String {
    """
    {
      "format": "snnsim/1", "name": "recorded", "run": { "duration": \(duration), "engine": "\(engine)", "seed": 5 },
      "populations": { "n": { "model": "iaf_psc_exp", "size": 40, "params": { "I_e": 400 },
                              "init": { "V_m": { "dist": "uniform", "low": -70, "high": -56 } } } },
      "record": { "spikes": { "what": "spikes", "of": "n" }, \(records) }
    }
    """
  }

  @Test("Samples stand at every, 2 every, … and are the state at that moment, after a spike of it", arguments: ["grid", "exact"])
  func moments(_ engine: String) throws {
    let run = try WholeRun(
      Self.network(
        engine,
        #""a": { "what": "V_m", "of": "n", "every": 0.1 }, "b": { "what": "V_m", "of": "n", "every": 2.5, "ids": [3, 17] }"#
      ))
    let fine = try run.trace("a", "V_m")
    let coarse = try run.trace("b", "V_m")
    #expect(fine.times.count == 1000 && fine.times.first == 0.1 && fine.times.last == 100)
    #expect(coarse.times == (1...40).map { 2.5 * Double($0) })
    #expect(coarse.ids == [3, 17])
    for (k, id) in [3, 17].enumerated() {
      #expect(coarse.values[k] == coarse.times.map { fine.value(id, at: $0) })
    }
    // NEST's multimeter shows V_reset at the step of a spike, and while the neuron is refractory (2 ms).
    let spikes = try run.spikes("n")
    #expect(spikes.times.count > 100)
    for (time, id) in zip(spikes.times, spikes.ids) where time < 98 {
      let seen = (time * 10).rounded(.up) / 10
      #expect(fine.value(Int(id), at: (seen * 10).rounded() / 10) == -70)
      #expect(fine.value(Int(id), at: ((seen + 1.9) * 10).rounded() / 10) == -70)
    }
    #expect(fine.values.joined().allSatisfy { $0 < -55 })
  }

  @Test("from and to bound a record to (from, to]; a fraction takes that part of the neurons")
  func bounds() throws {
    let run = try WholeRun(
      Self.network(
        "grid",
        #"""
        "a": { "what": "V_m", "of": "n", "every": 0.5, "from": 20, "to": 30 },
        "f": { "what": "V_m", "of": "n", "every": 10, "fraction": 0.25 },
        "all": { "what": "V_m", "of": "n", "every": 10 }
        """#))
    let bounded = try run.trace("a", "V_m")
    #expect(bounded.times.first == 20.5 && bounded.times.last == 30 && bounded.times.count == 20)
    let part = try run.trace("f", "V_m")
    let all = try run.trace("all", "V_m")
    #expect(part.ids.count == 10 && Set(part.ids).count == 10 && part.ids == part.ids.sorted())
    for (k, id) in part.ids.enumerated() { #expect(part.values[k] == all.values[Int(id)]) }
  }

  @Test("A spike record keeps the chosen neurons and moments of all spikes")
  func chosenSpikes() throws {
    let all = try WholeRun(Self.network("grid", #""v": { "what": "V_m", "of": "n", "every": 50 }"#)).spikes("n")
    let text = Self.network("grid", #""v": { "what": "V_m", "of": "n", "every": 50 }"#).replacingOccurrences(
      of: #"{ "what": "spikes", "of": "n" }"#,
      with: #"{ "what": "spikes", "of": "n", "ids": [2, 5, 8, 9, 21, 30, 33], "from": 25, "to": 75 }"#)
    let some = try WholeRun(text).spikes("n")
    let expected = zip(all.times, all.ids).filter { [2, 5, 8, 9, 21, 30, 33].contains($0.1) && $0.0 > 25 && $0.0 <= 75 }
    #expect(some.times == expected.map(\.0) && some.ids == expected.map(\.1))
    #expect(some.times.count > 5)
  }

  @Test("A rate record counts the recorded spikes of each bin", arguments: ["grid", "exact"])
  func rates(_ engine: String) throws {
    let run = try WholeRun(Self.network(engine, #""r": { "what": "rate", "of": "n", "every": 5 }"#))
    let rate = try run.trace("r", "rate")
    let spikes = try run.spikes("n")
    #expect(rate.times == (1...20).map { 5 * Double($0) })
    for (b, value) in rate.values[0].enumerated() {
      let count = spikes.times.filter { $0 > Double(b) * 5 && $0 <= Double(b + 1) * 5 }.count
      #expect(abs(value - Double(count) / 40 / 0.005) < 1e-9)
    }
  }

  @Test("spikes.csv and spikes.npz hold the spikes of spikes.h5")
  func formats() throws {
    let text = Self.network("exact", #""v": { "what": "V_m", "of": "n", "every": 50 }"#).replacingOccurrences(
      of: #""record":"#, with: #""output": { "spikes": ["sonata", "csv", "npz"] }, "record":"#)
    let run = try WholeRun(text)
    let h5 = try run.spikes("n")
    #expect(h5.times.count > 100)
    #expect(try SpikeTable.read(path: run.output + "/spikes.csv", population: "n") == h5)
    #expect(try SpikeTable.read(path: run.output + "/spikes.npz", population: "n") == h5)
  }

  @Test("Ten times the duration takes less than 5 % more memory, states and spikes recorded")
  func flatMemory() throws {
    let directory = try TemporaryDirectory()
    let template = try SnnsimProcess.run("new", "balanced").stdout.replacingOccurrences(
      of: #""record": {"#, with: #""record": { "v": { "what": "V_m", "of": ["E", "I"], "every": 1 },"#)
    func peak(_ duration: String) throws -> Double {
      let run = try WholeRun(template, "--duration", duration, "--threads", "2", in: directory)
      return try #require(run.json["peak_rss_mb"] as? Double)
    }
    let (short, long) = (try peak("1000"), try peak("10000"))
    #expect(long < short * 1.05, "\(short) MB for 1 s, \(long) MB for 10 s")
  }

  @Test("A network without records keeps all spikes; its digest is that of the same network with a record")
  func withoutRecords() throws {
    let text = """
      {
        "format": "snnsim/1", "name": "bare", "run": { "duration": 50 },
        "populations": { "n": { "model": "iaf_psc_exp", "size": 3, "params": { "I_e": 600 } } }RECORD
      }
      """
    let bare = try WholeRun(text.replacing("RECORD", with: ""))
    let asked = try WholeRun(text.replacing("RECORD", with: #", "record": { "s": { "what": "spikes", "of": "n" } }"#))
    #expect(try bare.spikes("n") == asked.spikes("n") && bare.spikeCount > 0)
    #expect(bare.digest == asked.digest)
  }
}
