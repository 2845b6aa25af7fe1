import SNNDescription
import SNNKernel
import SNNSignals

/// A constant current.
enum DCInput: CompiledInput {
  static let description = EntryDescription(
    category: .input, name: "dc", summary: "A constant current.",
    equations: "I(t) = amplitude for start + delay <= t < stop + delay", source: "NEST dc_generator",
    fields: [FieldDescription("amplitude", .quantity, .pA, default: .required, .any, "current")])

  static func signal(_ fields: InputFields, count: Int, _ values: inout ValueResolver) -> InputSignal? {
    if let amplitude = fields.number("amplitude") { return .current(.constant(amplitude), factors: [1]) }
    guard case .value(let source) = fields.plan.fields["amplitude"],
      let amplitudes = values.resolve(
        source, count: count, entity: fields.plan.name + "/amplitude", purpose: .parameter,
        field: description.fields[0], at: fields.location("amplitude"))
    else { return nil }
    return .current(.constant(1), factors: amplitudes.all)
  }
}

/// A current that changes at given times.
enum StepsInput: CompiledInput {
  static let description = EntryDescription(
    category: .input, name: "steps", summary: "A current that takes a new value at each of a list of times.",
    equations: "I(t) = amplitudes[i] for times[i] + delay <= t < times[i+1] + delay; 0 before the first",
    source: "NEST step_current_generator",
    fields: [
      FieldDescription("times", .numbers, .ms, default: .absent, .nonNegative, "when the current changes, ascending"),
      FieldDescription("amplitudes", .numbers, .pA, default: .absent, .any, "its value from then on"),
      FieldDescription("file", .path, default: .absent, .any, "csv or npz file with both, named time and amplitude"),
    ])

  static func signal(_ fields: InputFields, count: Int, _ values: inout ValueResolver) -> InputSignal? {
    var path: String?
    if case .path(let file) = fields.plan.fields["file"] { path = file }
    let (times, amplitudes): ([Double], [Double])
    switch (path, fields.numbers("times"), fields.numbers("amplitudes")) {
    case (let path?, nil, nil):
      guard let series = values.read(fields.location("file"), { try $0.series(path) }) else { return nil }
      (times, amplitudes) = (series.times, series.values)
    case (nil, let moments?, let currents?): (times, amplitudes) = (moments, currents)
    default:
      values.errors.append(
        DescriptionError(
          fields.plan.location, "a steps input needs either \"times\" and \"amplitudes\" or a \"file\"",
          hint: "\"times\": [0, 50], \"amplitudes\": [100, 0]"))
      return nil
    }
    let place = fields.location(path == nil ? "amplitudes" : "file")
    guard times.count == amplitudes.count else {
      values.errors.append(DescriptionError(place, "\(amplitudes.count) amplitudes for \(times.count) times"))
      return nil
    }
    if let i = amplitudes.firstIndex(where: { !$0.isFinite }) {
      values.errors.append(DescriptionError(place, "the amplitude at \(times[i]) ms is \(amplitudes[i])"))
      return nil
    }
    guard let moments = ascending(times, fields, path == nil ? "times" : "file", &values.errors) else { return nil }
    return .current(.steps(times: moments, values: amplitudes), factors: [1])
  }
}

/// A sinusoidal current.
enum SineInput: CompiledInput {
  static let description = EntryDescription(
    category: .input, name: "sine", summary: "A sinusoidal current, constant over each step of the resolution.",
    equations: "I(t) = offset + amplitude sin(2 pi frequency t + phase)", source: "NEST ac_generator",
    fields: [
      FieldDescription("amplitude", .scalar, .pA, default: .required, .any, "amplitude"),
      FieldDescription("offset", .scalar, .pA, default: .number(0), .any, "mean current"),
      FieldDescription("frequency", .scalar, .Hz, default: .required, .nonNegative, "frequency"),
      FieldDescription("phase", .scalar, .degree, default: .number(0), .any, "phase at t = 0"),
    ])

  static func signal(_ fields: InputFields, count: Int, _ values: inout ValueResolver) -> InputSignal? {
    guard let amplitude = fields.number("amplitude"), let frequency = fields.number("frequency") else { return nil }
    return .current(
      .sine(
        amplitude: amplitude, offset: fields.number("offset") ?? 0, frequency: frequency,
        phase: (fields.number("phase") ?? 0) * Double.pi / 180),
      factors: [1])
  }
}

/// Gaussian noise.
enum NoiseInput: CompiledInput {
  static let description = EntryDescription(
    category: .input, name: "noise", summary: "A Gaussian noise current, independent for each neuron.",
    equations: "I = mean + std N(0, 1), a new value every dt", source: "NEST noise_generator",
    fields: [
      FieldDescription("mean", .scalar, .pA, default: .number(0), .any, "mean"),
      FieldDescription("std", .scalar, .pA, default: .required, .nonNegative, "standard deviation"),
      FieldDescription("dt", .scalar, .ms, default: .absent, .positive, "how long a value holds; the resolution unless given"),
    ])

  static func signal(_ fields: InputFields, count: Int, _ values: inout ValueResolver) -> InputSignal? {
    guard let sd = fields.number("std") else { return nil }
    let interval = fields.number("dt").map(Time.init(milliseconds:)) ?? .zero
    return .current(
      .noise(mean: fields.number("mean") ?? 0, sd: sd, interval: interval, stream: fields.stream), factors: [1])
  }
}
