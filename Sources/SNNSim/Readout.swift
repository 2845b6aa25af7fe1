import SNNCompiler
import SNNKernel
import SNNSignals

/// Classifies samples by the spikes of a population.
///
/// Each neuron gets the class whose samples it has answered with the most spikes on average; a sample is then given the class
/// whose neurons have the highest mean count. Of a sample that is shown more than once the last time counts. Diehl & Cook (2015), doi:10.3389/fncom.2015.00099.
final class Readout: WindowObserver, Checkpointed {
  private let plan: PlannedReadout
  private let schedule: SampleSchedule
  private let classes: Int
  /// Spikes of the present presentation, by neuron.
  private var counts: [Int]
  private var presentation = 0
  /// By class and neuron: spikes; by class: samples.
  private var answers: [[Int]]
  private var shown: [Int]
  private var classOf: [Int] = []
  private var tested = 0
  private var right = 0
  private var repeated = 0

  init(_ plan: PlannedReadout, _ schedule: SampleSchedule, size: Int) {
    self.plan = plan
    self.schedule = schedule
    classes = Int((plan.assignLabels + plan.testLabels).max() ?? 0) + 1
    counts = Array(repeating: 0, count: size)
    answers = Array(repeating: counts, count: classes)
    shown = Array(repeating: 0, count: classes)
  }

  func take(_ window: Window, spikes: [[Spike]], probes: [StateProbe]) {
    for spike in spikes[plan.population] {
      while spike.time > schedule.play.period * (presentation + 1) { finishPresentation() }
      counts[Int(spike.id)] += 1
    }
    while window.end >= schedule.play.period * (presentation + 1) { finishPresentation() }
  }

  func pass(through state: StateTransfer) throws {
    try state.section("readout") {
      try state.values(&counts)
      try state.value(&presentation)
      for label in answers.indices { try state.values(&answers[label]) }
      try state.values(&shown)
      try state.list(&classOf)
      try state.value(&tested)
      try state.value(&right)
      try state.value(&repeated)
      try state.require(
        presentation >= 0 && classOf.allSatisfy { $0 < classes } && [0, counts.count].contains(classOf.count),
        "has answers that can't be")
    }
  }

  private func finishPresentation() {
    defer {
      presentation += 1
      for i in counts.indices { counts[i] = 0 }
    }
    guard presentation < schedule.presentations.count, let sample = schedule.presentations[presentation].sample else { return }
    guard schedule.isLast(presentation) else {
      repeated += 1
      return
    }
    if plan.assign.contains(sample) {
      let label = Int(plan.assignLabels[sample - plan.assign.lowerBound])
      shown[label] += 1
      for (i, n) in counts.enumerated() { answers[label][i] += n }
    }
    if plan.test.contains(sample) {
      if classOf.isEmpty { classOf = counts.indices.map(assignedClass) }
      tested += 1
      if answer() == Int(plan.testLabels[sample - plan.test.lowerBound]) { right += 1 }
    }
  }

  /// The class of a neuron; that of one which never spiked is −1.
  private func assignedClass(_ neuron: Int) -> Int {
    var (best, most) = (-1, 0.0)
    for label in 0..<classes where shown[label] > 0 {
      let mean = Double(answers[label][neuron]) / Double(shown[label])
      if mean > most { (best, most) = (label, mean) }
    }
    return best
  }

  /// The class of the present sample; −1 without spikes.
  private func answer() -> Int {
    var sums = [Int](repeating: 0, count: classes)
    var members = sums
    for (i, n) in counts.enumerated() where classOf[i] >= 0 {
      sums[classOf[i]] += n
      members[classOf[i]] += 1
    }
    var (best, most) = (-1, 0.0)
    for label in 0..<classes where members[label] > 0 && Double(sums[label]) / Double(members[label]) > most {
      (best, most) = (label, Double(sums[label]) / Double(members[label]))
    }
    return best
  }

  /// For the run's metrics: the part of the tested samples that got their class, and how many there were.
  var metrics: [JSONText.Member] {
    guard tested > 0 else { return [] }
    var members: [JSONText.Member] = [
      ("test_accuracy", .number(Double(right) / Double(tested))), ("test_samples", .integer(tested)),
    ]
    if schedule.play.repetition != nil { members.append(("repeated_presentations", .integer(repeated))) }
    return members
  }
}
