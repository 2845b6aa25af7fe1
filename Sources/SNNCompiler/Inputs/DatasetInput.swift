import SNNDescription
import SNNKernel
import SNNSignals

/// Samples of data sets, shown one after another as Poisson trains.
enum DatasetInput: CompiledInput {
  static let description = EntryDescription(
    category: .input, name: "dataset", summary: "Shows samples of data sets one after another as Poisson trains.",
    equations: """
      sample k from k*(show + rest) on, for show ms: train i has the rate maximum*byte_i/255; then rest ms of silence
      the data sets in the order given, each from its first sample on
      """,
    source: "Diehl & Cook (2015), doi:10.3389/fncom.2015.00099",
    fields: [
      FieldDescription("data", .names, default: .required, .any, "entries of the section data, in the order of their showing"),
      FieldDescription("maximum", .scalar, .Hz, default: .number(63.75), .nonNegative, "rate of the largest byte"),
      FieldDescription("show", .scalar, .ms, default: .number(350), .positive, "how long a sample is shown"),
      FieldDescription("rest", .scalar, .ms, default: .number(150), .nonNegative, "silence behind each sample"),
    ])

  static func signal(_ fields: InputFields, count: Int, _ values: inout ValueResolver) -> InputSignal? {
    guard case .names(let names) = fields.plan.fields["data"], let maximum = fields.number("maximum"),
      let show = fields.number("show"), let rest = fields.number("rest")
    else { return nil }
    var bytes: [UInt8] = []
    for name in names {
      guard let data = fields.data.first(where: { $0.name == name }) else {
        values.errors.append(
          DescriptionError(
            fields.location("data"), "there is no data set \"\(name)\"",
            hint: "the section \"data\" has " + fields.data.map { "\"\($0.name)\"" }.joined(separator: ", ")))
        return nil
      }
      guard let samples = values.read(data.location, { try $0.bytes(data.images) }) else { return nil }
      guard samples.rowLength == count else {
        values.errors.append(
          DescriptionError(
            fields.location("size"), "\(count) trains for samples of \(samples.rowLength) bytes",
            hint: "one train per byte of \(data.images)"))
        return nil
      }
      guard let range = data.samples(of: samples.rows, &values.errors) else { return nil }
      bytes += samples.bytes[range.lowerBound * count..<range.upperBound * count]
    }
    return .poisson(.samples(SampleRates(bytes: bytes, trains: count, maximum: maximum, shown: show, rest: rest)))
  }
}

extension DataPlan {
  /// The samples that are meant, of so many in the file.
  func samples(of rows: Int, _ errors: inout [DescriptionError]) -> Range<Int>? {
    let end = limit.map { first + $0 } ?? rows
    guard first < end, end <= rows else {
      errors.append(
        DescriptionError(
          location, "samples \(first) to \(end - 1) are asked for, but \(images) has \(rows)",
          hint: "make \"first\" or \"limit\" smaller"))
      return nil
    }
    return first..<end
  }
}
