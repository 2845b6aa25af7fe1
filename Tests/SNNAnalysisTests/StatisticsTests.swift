import Foundation
import SNNAnalysis
import SNNSignals
import Testing

@Suite("Statistics") struct StatisticsTests {
  let elephant = ElephantFixture.stored

  @Test("Rates and intervals are Elephant's") func ratesAndIntervals() {
    #expect(agree(elephant.trains.map { Statistics.meanFiringRate($0, within: elephant.window) }, elephant.ratesHz))
    for (train, isi) in zip(elephant.trains, elephant.isi) { #expect(Statistics.isi(train) == isi) }
  }

  @Test("CV, CV2, LV and LVR are Elephant's, also for one interval and for none") func variation() {
    let intervals = elephant.trains.map(Statistics.isi)
    // The train of equal intervals has a CV of rounding errors only: 1e-15 absolute beside 1e-12 relative.
    #expect(agree(intervals.map(Statistics.cv), elephant.cv, absolute: 1e-15))
    #expect(agree(intervals.map(Statistics.cv2), elephant.cv2, absolute: 1e-15))
    #expect(agree(intervals.map(Statistics.lv), elephant.lv, absolute: 1e-15))
    #expect(agree(intervals.map { Statistics.lvr($0) }, elephant.lvr, absolute: 1e-15))
  }

  @Test("The Fano factor over neurons is Elephant's") func fano() {
    #expect(agree([Statistics.fanoFactor(elephant.trains.map(\.count))], [elephant.fanofactor]))
  }

  @Test("Spikes on the edges of bins are counted where Elephant counts them") func histograms() {
    let bins = Binning(elephant.window, width: elephant.bin)
    #expect(Statistics.timeHistogram(elephant.trains, bins: bins) == elephant.histogram)
    #expect(Statistics.timeHistogram(elephant.trains, bins: Binning(elephant.window, width: 3)) == elephant.histogramWide)
    let rate = Statistics.populationRate(
      elephant.population.times, size: elephant.trains.count, bins: Binning(elephant.window, width: 1))
    #expect(agree(rate, elephant.populationRateHz))
  }

  @Test("The histogram around triggers is Elephant's time histogram of the cut trains") func psth() {
    let rate = Statistics.psth(elephant.trains[0], size: 1, triggers: elephant.triggers, bins: Binning(-20...80, width: 5))
    #expect(agree(rate, elephant.psthHz))
  }

  @Test("Correlation coefficients of counted and of binary bins are Elephant's") func correlation() {
    let bins = Binning(elephant.window, width: elephant.bin)
    let trains = Array(elephant.trains.prefix(6))
    // Both sides subtract means of order 0.1 from sums of order 50: 1e-15 absolute covers entries near 0.
    let counts = Statistics.correlationCoefficients(trains, bins: bins)
    let binary = Statistics.correlationCoefficients(trains, bins: bins, binary: true)
    for i in trains.indices {
      #expect(agree(counts[i], elephant.correlation[i], absolute: 1e-15))
      #expect(agree(binary[i], elephant.correlationBinary[i], absolute: 1e-15))
    }
  }

  @Test("Cross-correlation histogram, its coefficient and the autocorrelogram are Elephant's") func crossCorrelation() {
    let bins = Binning(elephant.window, width: elephant.bin)
    let (a, b, lag) = (elephant.trains[0], elephant.trains[1], elephant.maxLag)
    #expect(Statistics.crossCorrelationHistogram(a, b, bins: bins, maxLag: lag) == elephant.cross)
    #expect(Statistics.crossCorrelationHistogram(a, b, bins: bins, maxLag: lag, binary: true) == elephant.crossBinary)
    #expect(Statistics.autocorrelogram(a, bins: bins, maxLag: lag) == elephant.auto)
    let coefficient = Statistics.crossCorrelationHistogram(a, b, bins: bins, maxLag: lag, norm: .coefficient)
    #expect(agree(coefficient, elephant.crossCoefficient, absolute: 1e-15))
  }

  @Test("Welch's spectrum of the population rate is Elephant's") func welch() throws {
    let spectrum = try #require(Statistics.welch(elephant.populationRateHz, samplingRate: 1000))
    #expect(agree(spectrum.frequencies, elephant.frequencies))
    #expect(agree(spectrum.density, elephant.psd))
  }

  @Test("A seeded Poisson train has a CV of 1") func poisson() {
    // The standard error of the CV of n exponential intervals is 1/√n = 0.005: 5 of them.
    let n = 40_000
    let stream = RandomStream(seed: 5, purpose: .poisson, entity: 0)
    let intervals = (0..<n).map { -20 * log(stream.uniform(index: UInt64($0), draw: 0)) }
    #expect(abs(Statistics.cv(intervals) - 1) < 5 / Double(n).squareRoot())
    // ⟨3 ((a−b)/(a+b))²⟩ = 1 for a uniform fraction a/(a+b); its standard deviation is below 1, neighbours share intervals.
    #expect(abs(Statistics.lv(intervals) - 1) < 10 / Double(n).squareRoot())
  }

  @Test("A regular train varies in no measure") func regular() {
    let intervals = Statistics.isi((0..<50).map { 8 * Double($0) })
    #expect([Statistics.cv(intervals), Statistics.cv2(intervals), Statistics.lv(intervals)] == [0, 0, 0])
  }

  @Test("Nothing is NaN, not a crash") func nothing() {
    #expect(Statistics.cv([]).isNaN && Statistics.cv2([1]).isNaN && Statistics.mean([]).isNaN && Statistics.median([]).isNaN)
    #expect(Statistics.isi([]).isEmpty && Statistics.welch([1, 2, 3], samplingRate: 1000) == nil)
  }
}
