import SNNDescription
import SNNSignals

extension Planning {
  mutating func planReadout() {
    guard let readout = file.readout, let population = indices[readout.of],
      let input = file.inputs.first(where: { $0.name == readout.input }),
      case .names(let names) = input.fields["data"]
    else { return }
    var period = 0.0
    for key in ["show", "rest"] { if case .number(let x) = input.fields[key] { period += x } }
    var ranges: [String: (samples: Range<Int>, labels: [UInt8])] = [:]
    var next = 0
    for name in names {
      guard let data = file.data.first(where: { $0.name == name }),
        let labels = values.read(data.location, { try $0.bytes(data.labels) }),
        let range = data.samples(of: labels.rows, &values.errors)
      else { return }
      ranges[name] = (next..<next + range.count, Array(labels.bytes[range]))
      next += range.count
    }
    guard let assign = ranges[readout.assign], let test = ranges[readout.test] else { return }
    plan.readout = PlannedReadout(
      population: population, period: Time(milliseconds: period), assign: assign.samples, test: test.samples,
      assignLabels: assign.labels, testLabels: test.labels)
    if Double(next) * period > file.run.duration {
      plan.notes.append(
        "readout: \(next) samples take \(Double(next) * period) ms, the run ends at \(file.run.duration) ms: not all are classified"
      )
    }
  }
}
