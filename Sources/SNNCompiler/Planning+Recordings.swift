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
      let every = Time(milliseconds: recording.every ?? 0)
      if recording.what != .spikes, !recording.isAtChanges, every.picoseconds % plan.step.picoseconds != 0 || every <= .zero {
        report(
          place(recording.location, "every"),
          "\(every.milliseconds) ms is not a multiple of the resolution of \(plan.step.milliseconds) ms")
        continue
      }
      if recording.what == .weight || recording.what == .delay {
        planSynapses(recording, every)
        continue
      }
      for name in recording.of {
        guard let population = indices[name] else { continue }
        let subject: PlannedRecording.Subject =
          switch recording.what {
          case .spikes: .spikes
          case .rate: .rate
          case .state(let variable): .state(variable)
          case .weight: .weight
          case .delay: .delay
          }
        plan.recordings.append(
          PlannedRecording(
            name: recording.name, subject: subject, population: population, ids: ids(recording, population),
            every: every, from: Time(milliseconds: recording.from),
            to: recording.to.map(Time.init(milliseconds:)) ?? .never))
      }
    }
  }

  private mutating func planSynapses(_ recording: RecordPlan, _ every: Time) {
    for name in recording.of {
      guard let projection = plan.plasticProjections.firstIndex(of: name) else { continue }
      let isRewired = plan.connections[plan.plasticConnections[projection]].plasticity?.rewiring != nil
      if isRewired && (recording.histogram == nil || recording.ids != nil || recording.fraction != nil) {
        report(
          recording.location, "\"\(name)\" has structural plasticity: its synapses come and go, and have no lasting numbers",
          hint: "a \"histogram\" counts all of them; weights/ has who is connected with whom at the end")
        continue
      }
      plan.recordings.append(
        PlannedRecording(
          name: recording.name, subject: recording.what == .delay ? .delay : .weight, population: projection,
          ids: recording.ids?.sorted(),
          fraction: recording.fraction.map { ($0, recording.fractionSeed ?? file.run.seed) }, every: every,
          from: Time(milliseconds: recording.from), to: recording.to.map(Time.init(milliseconds:)) ?? .never,
          isAtChanges: recording.isAtChanges, histogram: recording.histogram,
          location: place(recording.location, "ids")))
    }
  }

  /// The recorded neurons: those given, or for a fraction a sample of it.
  private func ids(_ recording: RecordPlan, _ population: Int) -> [UInt32]? {
    if let ids = recording.ids { return ids.sorted() }
    guard let fraction = recording.fraction else { return nil }
    let size = plan.sizes[population]
    let stream = RandomStream(
      seed: recording.fractionSeed ?? file.run.seed, purpose: .recordFraction,
      entity: entityHash("\(recording.name)/\(plan.names[population])"))
    return Sample.part(fraction, of: size, stream).map { UInt32($0) }
  }
}

/// A part of many things, chosen at random.
enum Sample {
  /// The round(part · count) things (at least one) with the smallest random numbers, ascending: a larger part contains a smaller
  /// one.
  static func part(_ part: Double, of count: Int, _ stream: RandomStream) -> [Int] {
    let order = (0..<count).map { (stream.uniform(index: UInt64($0), draw: 0), $0) }.sorted { $0 < $1 }
    return order.prefix(max(1, Int((part * Double(count)).rounded()))).map(\.1).sorted()
  }
}
