import SNNSignals
import Testing

@testable import SNNTraining

@Suite struct MeasureTests {
  @Test("The mean of a measure does not depend on how its values were put into batches") func means() {
    let values = [1.0, 5, 2, 8, 4]
    for cut in 0...5 {
      var measures = Measures()
      for part in [values[..<cut], values[cut...]] { measures.add("m", sum: part.reduce(0, +), count: part.count) }
      #expect(measures["m"] == 4)
    }
    #expect(Measures()["m"] == nil)
  }
}
