import Testing

@testable import SNNView

@Suite struct WeightHistogramTests {
  @Test("Every weight is in one bin, the greatest in the last") func bins() {
    let histogram = WeightHistogram(projection: "p", time: 5, values: [0, 0.1, 0.5, 1, 1], bins: 4)
    #expect(histogram.counts == [2, 0, 1, 2])
    #expect(histogram.low == 0 && histogram.high == 1)
    #expect(abs(histogram.mean - 0.52) < 1e-15)
    #expect(histogram.n == 5)
  }

  @Test("Weights that are all equal are one bar in the middle, and none are no bar") func degenerate() {
    #expect(WeightHistogram(projection: "p", time: 0, values: [2, 2, 2], bins: 5).counts == [0, 0, 3, 0, 0])
    #expect(WeightHistogram(projection: "p", time: 0, values: [], bins: 5).n == 0)
    #expect(WeightHistogram(projection: "p", time: 0, values: [.nan, 1, .infinity], bins: 5).n == 1)
  }
}
