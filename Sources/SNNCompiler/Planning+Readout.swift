import SNNDescription
import SNNKernel
import SNNSignals

extension Planning {
  mutating func planReadout() {
    guard let readout = file.readout, let population = indices[readout.of],
      let input = file.inputs.first(where: { $0.name == readout.input }),
      case .names(let names) = input.fields["data"]
    else { return }
    // Sources that show samples, in their order.
    let shows = plan.sources.compactMap { source -> (name: String, play: SamplePlay)? in
      if case .samples(let play, _) = source.trains { (source.name, play) } else { nil }
    }
    guard let schedule = shows.firstIndex(where: { $0.name == input.name }) else { return }
    let play = shows[schedule].play
    var ranges: [String: (samples: Range<Int>, labels: [UInt8])] = [:]
    var next = 0
    for name in names {
      guard let data = file.data.first(where: { $0.name == name }),
        let file = data.labels, let labels = values.read(data.location, { try $0.bytes(file) }),
        let range = data.samples(of: labels.rows, &values.errors)
      else { return }
      ranges[name] = (next..<next + range.count, Array(labels.bytes[range]))
      next += range.count
    }
    guard let assign = ranges[readout.assign], let test = ranges[readout.test] else { return }
    plan.readout = PlannedReadout(
      population: population, schedule: schedule, assign: assign.samples, test: test.samples,
      assignLabels: assign.labels, testLabels: test.labels)
    let needed = play.period.milliseconds * Double(play.presentations)
    if needed > file.run.duration {
      plan.notes.append(
        "readout: \(play.presentations) presentations take \(needed) ms, the run ends at \(file.run.duration) ms: "
          + "not all samples are classified")
    }
  }
}
