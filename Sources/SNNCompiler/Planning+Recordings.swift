import SNNDescription
import SNNKernel
import SNNSignals

extension Planning {
  mutating func planRecordings() {
    // A network that asks for nothing keeps all spikes, as SONATA's tools do.
    if file.recordings.isEmpty {
      for p in plan.populations.indices {
        plan.recordings.append(
          PlannedRecording(name: "spikes", subject: .spikes, population: p, ids: nil, every: .zero, from: .zero, to: .never))
      }
    }
    for recording in file.recordings {
      for name in recording.of {
        guard let population = indices[name] else { continue }
        let subject: PlannedRecording.Subject =
          switch recording.what {
          case .spikes: .spikes
          case .rate: .rate
          case .state(let variable): .state(variable)
          }
        let every = Time(milliseconds: recording.every ?? 0)
        if subject != .spikes, every.picoseconds % plan.step.picoseconds != 0 || every <= .zero {
          report(
            place(recording.location, "every"),
            "\(every.milliseconds) ms is not a multiple of the resolution of \(plan.step.milliseconds) ms")
          continue
        }
        plan.recordings.append(
          PlannedRecording(
            name: recording.name, subject: subject, population: population, ids: ids(recording, population),
            every: every, from: Time(milliseconds: recording.from),
            to: recording.to.map(Time.init(milliseconds:)) ?? .never))
      }
    }
  }

  /// The recorded neurons: those given, or for a fraction the round(fraction · size) neurons (at least one) with the smallest
  /// random numbers, so that a larger fraction contains a smaller one.
  private func ids(_ recording: RecordPlan, _ population: Int) -> [UInt32]? {
    if let ids = recording.ids { return ids.sorted() }
    guard let fraction = recording.fraction else { return nil }
    let size = plan.sizes[population]
    let stream = RandomStream(
      seed: recording.fractionSeed ?? file.run.seed, purpose: .recordFraction,
      entity: entityHash("\(recording.name)/\(plan.names[population])"))
    let order = (0..<size).map { (stream.uniform(index: UInt64($0), draw: 0), UInt32($0)) }.sorted { $0 < $1 }
    let count = max(1, Int((fraction * Double(size)).rounded()))
    return order.prefix(count).map(\.1).sorted()
  }
}
