import SNNAnalysis
import Testing

@Suite struct SynapseCourseTests {
  @Test("Of ten synapses the first, fifth and ninth in size are what 10, 50 and 90 % do not exceed, counted by hand")
  func samples() {
    let samples = (0..<10).map(Double.init) + (0..<10).reversed().map { 2 * Double($0) }
    let course = SynapseCourse("p", times: [1, 2], samples: samples)
    #expect(course.times == [1, 2])
    #expect(course.low == [0, 0] && course.middle == [4, 8] && course.high == [8, 16])
  }

  @Test("Changes and samples of the same synapses give the same course")
  func changes() {
    // Two synapses that change at 5 and at 12.3 ms of a run of 20 ms, seen every 0.1 ms.
    let course = SynapseCourse("p", changes: [0, 0, 5, 12.3], ids: [0, 1, 1, 0], values: [1, 2, 3, 0.5], duration: 20)
    let times = (0...200).map { 20 * Double($0) / 200 }
    let samples = times.flatMap { time in [time < 12.3 ? 1.0 : 0.5, time < 5 ? 2.0 : 3.0] }
    #expect(course == SynapseCourse("p", times: times, samples: samples))
  }

  @Test("A histogram gives the middles of the bins in which the values lie")
  func histogram() {
    let course = SynapseCourse("p", times: [7], edges: [0, 1, 2, 4], counts: [1, 6, 3])
    #expect(course.low == [0.5] && course.middle == [1.5] && course.high == [3])
  }
}
