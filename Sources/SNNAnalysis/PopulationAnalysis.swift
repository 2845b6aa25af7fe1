import SNNSignals

/// What a ``RunAnalysis`` measures with.
public struct AnalysisOptions: Sendable, Hashable {
  /// The start of a run left out of every statistic, ms.
  public var from = 0.0
  /// Bin of pairwise correlations, ms.
  public var correlationBin = 2.0
  /// At most so many neurons are drawn for pairwise correlations.
  public var correlationNeurons = 200
  /// Bin of the population rate whose spectrum is taken, ms.
  public var rateBin = 1.0
  /// Bin of the population counts of the Fano factor, ms: 3 ms as in Potjans & Diesmann (2014), doi:10.1093/cercor/bhs358.
  public var fanoBin = 3.0
  /// Seed of the draw of neurons.
  public var seed: UInt64 = 1

  public init() {}
}

/// Statistics of one population. A number that the spikes cannot give (too few of them) is `nil`.
///
/// Which neurons count: **all** for the rates, silent ones as 0 Hz; those with **at least three spikes** (two intervals) for CV, CV₂
/// and LV; a seeded draw of those with **at least one spike** for the correlation. Averages are over neurons (or pairs), each with
/// equal weight; standard deviations are of the population (`ddof = 0`).
public struct PopulationAnalysis: Sendable, Hashable {
  public var name: String
  public var size: Int
  public var spikes: Int
  /// Over neurons, Hz.
  public var rateMean, rateSD, rateMedian: Double?
  /// Neurons without a spike, as a fraction.
  public var silentFraction: Double?
  /// Means over neurons with at least three spikes.
  public var cv, cv2, lv: Double?
  /// Neurons behind `cv`, `cv2` and `lv`.
  public var intervalNeurons: Int
  /// Mean Pearson correlation over the pairs of the drawn neurons.
  public var correlation: Double?
  /// Neurons behind `correlation`.
  public var correlationNeurons: Int
  /// Variance over mean of the population's spike count per bin.
  public var fanoFactor: Double?
  /// Where the power spectrum of the population rate is largest (not counting 0 Hz), Hz, and how large, Hz²/Hz.
  public var peakFrequency, peakDensity: Double?

  /// - Parameter window: the time analysed, ms, both ends included.
  public init(_ population: PopulationSpikes, within window: ClosedRange<Double>, options: AnalysisOptions) {
    let trains = population.trains(within: window)
    let rates = trains.map { Statistics.meanFiringRate($0, within: window) }
    name = population.name
    size = population.size
    spikes = trains.reduce(0) { $0 + $1.count }
    rateMean = Statistics.mean(rates).ifFinite
    rateSD = Statistics.standardDeviation(rates).ifFinite
    rateMedian = Statistics.median(rates).ifFinite
    silentFraction = (Double(trains.count(where: \.isEmpty)) / Double(size)).ifFinite

    let intervals = trains.filter { $0.count >= 3 }.map(Statistics.isi)
    intervalNeurons = intervals.count
    cv = Statistics.mean(intervals.map(Statistics.cv)).ifFinite
    cv2 = Statistics.mean(intervals.map(Statistics.cv2)).ifFinite
    lv = Statistics.mean(intervals.map(Statistics.lv)).ifFinite

    let drawn = Self.correlationSample(trains, of: population.name, options: options)
    correlationNeurons = drawn.count
    correlation =
      Statistics.meanPairwiseCorrelation(drawn.map { trains[$0] }, bins: Binning(window, width: options.correlationBin)).ifFinite
    fanoFactor = Statistics.fanoFactor(Statistics.timeHistogram(trains, bins: Binning(window, width: options.fanoBin))).ifFinite

    let bins = Binning(window, width: options.rateBin)
    let rate = Statistics.timeHistogram(trains, bins: bins).map { 1000 * Double($0) / (Double(population.size) * bins.width) }
    let peak = Statistics.welch(rate, samplingRate: 1000 / bins.width)?.peak
    peakFrequency = peak?.frequency
    peakDensity = peak?.density
  }

  /// The neurons whose pairs are correlated: those of the smallest Philox words among all that spiked, in ascending order.
  /// The draw depends on the seed, the population's name and the ids only.
  static func correlationSample(_ trains: [[Double]], of name: String, options: AnalysisOptions) -> [Int] {
    let spiking = trains.indices.filter { !trains[$0].isEmpty }
    let stream = RandomStream(seed: options.seed, purpose: .recordFraction, entity: entityHash(name))
    let drawn = spiking.map { (key: stream.uniform(index: UInt64($0), draw: 0), id: $0) }.sorted { $0 < $1 }
    return drawn.prefix(options.correlationNeurons).map(\.id).sorted()
  }
}

extension Double {
  /// The number, or `nil` for NaN and infinity.
  var ifFinite: Double? { isFinite ? self : nil }
}
