import SNNDescription
import SNNKernel
import SNNSignals

/// Samples of data sets, shown one after another as Poisson trains.
enum DatasetInput: CompiledInput {
  static let description = EntryDescription(
    category: .input, name: "dataset", summary: "Shows samples of data sets one after another as Poisson trains.",
    equations: """
      presentation k from k*(show + rest) on, for show ms: train i has the rate maximum*byte_i/255; then rest ms of silence
      the data sets in the order given, each from its first sample on, in (1 + spare) presentations per sample
      with answered_by: a sample that gets fewer than least_spikes while shown comes again, with maximum + brighten
      """,
    source: "Diehl & Cook (2015), doi:10.3389/fncom.2015.00099",
    fields: [
      FieldDescription("data", .names, default: .required, .any, "entries of the section data, in the order of their showing"),
      FieldDescription("maximum", .scalar, .Hz, default: .number(63.75), .nonNegative, "rate of the largest byte"),
      FieldDescription("show", .scalar, .ms, default: .number(350), .positive, "how long a sample is shown"),
      FieldDescription("rest", .scalar, .ms, default: .number(150), .nonNegative, "silence behind each sample"),
      FieldDescription("answered_by", .population, default: .absent, .any, "population whose spikes answer a sample"),
      FieldDescription("least_spikes", .integer, default: .number(5), .positive, "how many spikes answer a sample"),
      FieldDescription("brighten", .scalar, .Hz, default: .number(31.875), .nonNegative, "what a repetition adds to maximum"),
      FieldDescription(
        "spare", .scalar, default: .number(0), .nonNegative,
        "presentations for repetitions, per sample of each data set; silence when all has been shown"),
    ])

  static func signal(_ fields: InputFields, count: Int, _ values: inout ValueResolver) -> InputSignal? {
    guard case .names(let names) = fields.plan.fields["data"], let maximum = fields.number("maximum"),
      let show = fields.number("show"), let rest = fields.number("rest"), let spare = fields.number("spare")
    else { return nil }
    var bytes: [UInt8] = []
    var parts: [SamplePlay.Part] = []
    for name in names {
      guard let data = fields.data.first(where: { $0.name == name }) else {
        values.errors.append(
          DescriptionError(
            fields.location("data"), "there is no data set \"\(name)\"",
            hint: "the section \"data\" has " + fields.data.map { "\"\($0.name)\"" }.joined(separator: ", ")))
        return nil
      }
      guard let images = data.images else {
        values.errors.append(
          DescriptionError(
            fields.location("data"), "\"\(name)\" is of type \"\(data.type)\"", hint: "only sets of type \"idx\" can be shown"))
        return nil
      }
      guard let samples = values.read(data.location, { try $0.bytes(images) }) else { return nil }
      guard samples.rowLength == count else {
        values.errors.append(
          DescriptionError(
            fields.location("size"), "\(count) trains for samples of \(samples.rowLength) bytes",
            hint: "one train per byte of \(images)"))
        return nil
      }
      guard let range = data.samples(of: samples.rows, &values.errors) else { return nil }
      bytes += samples.bytes[range.lowerBound * count..<range.upperBound * count]
      parts.append(.init(samples: range.count, presentations: Int((Double(range.count) * (1 + spare)).rounded(.up))))
    }
    let play = SamplePlay(
      bytes: bytes, trains: count, parts: parts, maximum: maximum, shown: Time(milliseconds: show),
      rest: Time(milliseconds: rest), repetition: repetition(fields))
    if let longest = play.longestWindow, longest < fields.step {
      values.errors.append(
        DescriptionError(
          fields.location("rest"), "\(rest) ms are too short to know whether a sample is to be shown again",
          hint: "at least three times the resolution"))
      return nil
    }
    return .samples(play)
  }
}

extension DatasetInput {
  private static func repetition(_ fields: InputFields) -> SamplePlay.Repetition? {
    guard case .text(let name) = fields.plan.fields["answered_by"], let population = fields.populations[name],
      case .integer(let least) = fields.plan.fields["least_spikes"], let brighten = fields.number("brighten")
    else { return nil }
    return .init(population: population, leastSpikes: least, brighten: brighten)
  }
}

extension DataPlan {
  /// The samples that are meant, of so many in the file.
  func samples(of rows: Int, _ errors: inout [DescriptionError]) -> Range<Int>? {
    let end = limit.map { first + $0 } ?? rows
    guard first < end, end <= rows else {
      errors.append(
        DescriptionError(
          location, "samples \(first) to \(end - 1) are asked for, but \(images ?? name) has \(rows)",
          hint: "make \"first\" or \"limit\" smaller"))
      return nil
    }
    return first..<end
  }
}
