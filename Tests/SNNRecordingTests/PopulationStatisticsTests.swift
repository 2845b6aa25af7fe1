import SNNSignals
import Testing

@testable import SNNRecording

@Suite struct PopulationStatisticsTests {
  /// elephant.statistics.cv(numpy.diff(times)) of the trains [1, 3, 4.5, 9] and [0.5, 2.5, 4.5]: 0.4921254921257382 and 0.
  @Test("CV of ISI is Elephant's, averaged over neurons with two intervals or more") func equalsElephant() throws {
    let statistics = PopulationStatistics(sizes: [4, 3])
    statistics.take(window(0, [[(0.5, 1), (1, 0), (1, 2)], []]))
    statistics.take(window(1, [[(2.5, 1), (3, 0), (3, 2), (4.5, 0), (4.5, 1), (9, 0)], []]))
    let summary = statistics.summary(of: 0, name: "E", duration: Time(milliseconds: 500))
    #expect(summary.spikes == 9)
    #expect(summary.meanRateHz == 4.5)
    // One rounding of each of the few sums involved.
    #expect(abs(try #require(summary.cvISI) - 0.2460627460628691) < 1e-15)
    #expect(statistics.total == 9)
  }

  @Test("What is undefined is nil") func undefined() {
    let statistics = PopulationStatistics(sizes: [2])
    let silent = statistics.summary(of: 0, name: "E", duration: .zero)
    #expect(silent == PopulationSummary(name: "E", size: 2, spikes: 0, meanRateHz: nil, cvISI: nil))
  }
}
