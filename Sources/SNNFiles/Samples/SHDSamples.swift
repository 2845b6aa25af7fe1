import SNNSignals

/// The Spiking Heidelberg Digits and Spiking Speech Commands.
enum SHDSamples: SampleFormat {
  static let name = "shd"
  static let summary = "Spikes of a model of the cochlea: Spiking Heidelberg Digits, Spiking Speech Commands."
  static let layout = """
    /spikes/times: for each sample a sequence of times in s;  /spikes/units: of channels
    /labels: whole numbers from 0
    """
  static let source = "Cramer et al. (2022), doi:10.1109/TNNLS.2020.3044364"
  static let fields = [
    FieldDescription("path", .path, default: .required, .any, "the HDF5 file of one part, unpacked"),
    FieldDescription("channels", .integer, default: .number(700), .range(1...1_048_576), "number of channels"),
    SampleFields.classes,
  ]

  static func read(_ fields: [String: FieldValue]) throws -> LabelledSamples {
    let path = fields.text("path") ?? ""
    let channels = fields.integer("channels") ?? 700
    let file = try HDF5File(path: path)
    let times = try file.sequences("/spikes/times")
    let units = try file.sequences("/spikes/units")
    let labels = try file.doubles("/labels")
    guard times.count == labels.count, units.count == labels.count else {
      throw FileError.read(
        path, "has \(times.count) samples in /spikes/times, \(units.count) in /spikes/units and \(labels.count) labels")
    }
    let known = try checkedLabels(labels, classes: fields.integer("classes"), path: "\(path): /labels")
    let events = try times.indices.map { sample in
      guard times[sample].count == units[sample].count else {
        throw FileError.read(
          path, "sample \(sample) has \(times[sample].count) times but \(units[sample].count) channels")
      }
      let events = try zip(times[sample], units[sample]).map { time, unit in
        guard time >= 0, time < 1e6, let channel = UInt32(exactly: unit), channel < channels else {
          throw FileError.read(
            path, "sample \(sample) has a spike at \(time) s of channel \(numberText(unit))",
            hint: "times are not negative, channels run from 0 to \(channels - 1)")
        }
        return SampleEvent(time: Float(time * 1000), channel: channel)
      }
      return events.sorted { ($0.time, $0.channel) < ($1.time, $1.channel) }
    }
    return LabelledSamples(.events(events), steps: 0, features: channels, labels: known.labels, classNames: known.names)
  }
}
