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

  @Test("Confusion counts rows by class and columns by answer; what is no class is no answer") func confusion() {
    var confusion = Confusion(classes: 3)
    for (label, answer) in [(0, 0), (0, 2), (1, 1), (2, 2), (2, -1), (1, 3)] { confusion.add(label: label, answer: answer) }
    #expect(confusion.counts == [1, 0, 1, 0, 1, 0, 0, 0, 1] && confusion.unanswered == [0, 1, 1])
    #expect(confusion.total == 6 && confusion.accuracy == 0.5)
  }

  @Test("ACC and BWT of a matrix worked out by hand") func transfer() {
    var matrix = AccuracyMatrix()
    matrix.add([0.9, 0.1, 0.1])
    #expect(matrix.backwardTransfer == nil)
    matrix.add([0.8, 0.95, 0.2])
    matrix.add([0.7, 0.85, 0.9])
    #expect(abs(matrix.accuracy! - (0.7 + 0.85 + 0.9) / 3) < 1e-15)
    #expect(abs(matrix.backwardTransfer! - ((0.7 - 0.9) + (0.85 - 0.95)) / 2) < 1e-15)
  }

  @Test("Schedules begin at 1 and end where they should") func schedules() {
    for schedule in Schedule.allCases { #expect(schedule.factor(at: 0) == 1) }
    #expect(Schedule.constant.factor(at: 1) == 1)
    for schedule in [Schedule.linear, .linearAfterHalf, .cosine] { #expect(abs(schedule.factor(at: 1)) < 1e-15) }
    #expect(Schedule.linearAfterHalf.factor(at: 0.5) == 1 && Schedule.linearAfterHalf.factor(at: 0.75) == 0.5)
    #expect(abs(Schedule.cosine.factor(at: 0.5) - 0.5) < 1e-15)
  }
}
