import Foundation
import SNNAnalysis
import SNNSignals
import Testing

@Suite("Analysis of a run") struct RunAnalysisTests {
  let elephant = ElephantFixture.stored

  @Test("The summary of a population is the mean of Elephant's numbers over its neurons") func summary() throws {
    let p = try RunAnalysis(populations: [elephant.population], duration: elephant.duration).populations[0]
    let reference = elephant.summary
    #expect(agree([p.rateMean!, p.rateSD!, p.rateMedian!], [reference.rateMean, reference.rateSd, reference.rateMedian]))
    #expect(agree([p.cv!, p.cv2!, p.lv!], [reference.cv, reference.cv2, reference.lv]))
    #expect(agree([p.fanoFactor!], [reference.fanoWide]))
    #expect(p.intervalNeurons == 5 && p.silentFraction == 0.125 && p.spikes == elephant.trains.reduce(0) { $0 + $1.count })
    let peak = elephant.psd.indices.dropFirst().max { elephant.psd[$0] < elephant.psd[$1] }!
    #expect(agree([p.peakFrequency!, p.peakDensity!], [elephant.frequencies[peak], elephant.psd[peak]]))
  }

  @Test("The mean correlation is that of Elephant's matrix over all pairs") func correlation() throws {
    let six = Array(elephant.trains.prefix(6))
    let population = try PopulationSpikes(
      name: "E", size: 9, times: six.flatMap { $0 },
      ids: six.enumerated().flatMap { id, train in train.map { _ in UInt32(id + 2) } })
    let p = try RunAnalysis(populations: [population], duration: elephant.duration).populations[0]
    #expect(p.correlationNeurons == 6)
    #expect(agree([p.correlation!], [elephant.summary.correlationFirstSix]))
  }

  @Test("The draw of neurons depends on the seed, takes spiking ones only, and leaves none out below the limit") func draw()
    throws
  {
    let size = 400
    let spiking = (0..<UInt32(size)).filter { $0 % 4 != 0 }
    let stream = RandomStream(seed: 9, purpose: .poisson, entity: 0)
    let ids = spiking.flatMap { id in [UInt32](repeating: id, count: 20) }
    let times = ids.indices.map { 500 * stream.uniform(index: UInt64($0), draw: 0) }
    let population = try PopulationSpikes(name: "E", size: size, times: times, ids: ids)
    func analysed(_ seed: UInt64, _ neurons: Int) throws -> PopulationAnalysis {
      var options = AnalysisOptions()
      options.seed = seed
      options.correlationNeurons = neurons
      return try RunAnalysis(populations: [population], duration: 500, options: options).populations[0]
    }
    #expect(try analysed(1, 50) == analysed(1, 50))
    #expect(try analysed(1, 50).correlation != analysed(2, 50).correlation)
    #expect(try analysed(1, 50).correlationNeurons == 50)
    #expect(try analysed(1, 1000).correlationNeurons == spiking.count)
    // Independent trains: the mean over 44,850 pairs of correlations with a spread of 1/√250 bins, times 5.
    #expect(abs(try analysed(1, 1000).correlation!) < 5 / (250.0 * 44_850).squareRoot())
  }

  @Test("Spikes before `from` count in no statistic") func transient() throws {
    let population = try PopulationSpikes(name: "E", size: 1, times: [10, 11, 12, 600, 700, 800], ids: [0, 0, 0, 0, 0, 0])
    var options = AnalysisOptions()
    options.from = 500
    let p = try RunAnalysis(populations: [population], duration: 1000, options: options).populations[0]
    #expect(p.rateMean == 6 && p.cv == 0 && p.spikes == 3)
  }

  @Test("A silent run and an empty population have no statistics but a rate") func silent() throws {
    let populations = [
      try PopulationSpikes(name: "E", size: 4, times: [], ids: []),
      try PopulationSpikes(name: "none", size: 0, times: [], ids: []),
    ]
    let analysis = try RunAnalysis(populations: populations, duration: 100)
    #expect(analysis.populations[0].rateMean == 0 && analysis.populations[0].silentFraction == 1)
    #expect(analysis.populations[0].cv == nil && analysis.populations[0].correlation == nil)
    #expect(analysis.populations[1].rateMean == nil)
    #expect(analysis.description.contains("–") && analysis.json.line.contains("\"cv_isi\": null"))
  }

  @Test("The table is aligned: numbers end in the same columns of every row") func table() throws {
    var other = elephant.population
    other = try PopulationSpikes(name: "Größe & Co", size: 12_500, times: other.times, ids: other.ids)
    let lines = try RunAnalysis(populations: [elephant.population, other], duration: 1000).description
      .split(separator: "\n").map(Array.init)
    #expect(lines[2].allSatisfy { $0 == "─" })
    #expect(lines[3].count == lines[2].count && lines[4].count == lines[2].count)
    let ends = Array(lines[3].indices.dropLast()).filter { lines[3][$0] != " " && lines[3][$0 + 1] == " " }.dropFirst()
    #expect(ends.count == 11)
    #expect(ends.allSatisfy { lines[4][$0] != " " && lines[4][$0 + 1] == " " })
  }

  @Test("The JSON is one object with fixed keys, whatever a population is called") func json() throws {
    let p = elephant.population
    let named = try PopulationSpikes(name: "a\"b\\c\n", size: p.size, times: p.times, ids: p.ids)
    let text = try RunAnalysis(populations: [named], duration: 1000).json.pretty
    let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let populations = try #require(object["populations"] as? [String: [String: Any]])
    let entry = try #require(populations["a\"b\\c\n"])
    #expect(
      entry.keys.sorted() == [
        "correlation", "correlation_neurons", "cv2", "cv_isi", "fano_factor", "interval_neurons", "lv", "peak_density_hz2_per_hz",
        "peak_hz", "rate_mean_hz", "rate_median_hz", "rate_sd_hz", "silent_fraction", "size", "spikes",
      ])
    #expect(entry["rate_mean_hz"] as? Double == elephant.summary.rateMean)
  }

  @Test("Arrays that cannot be spikes are refused with their population and number") func refused() {
    #expect(throws: AnalysisError.self) { try PopulationSpikes(name: "E", size: 2, times: [1], ids: [2]) }
    #expect(throws: AnalysisError.self) { try PopulationSpikes(name: "E", size: 2, times: [1], ids: []) }
    #expect(throws: AnalysisError.self) { try PopulationSpikes(name: "E", size: 2, times: [.nan], ids: [0]) }
    #expect(throws: AnalysisError.self) { try RunAnalysis(populations: [], duration: 0) }
  }
}
