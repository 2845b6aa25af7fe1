import SNNDescription
import SNNKernel
import SNNSignals

/// Independent Poisson trains.
enum PoissonInput: CompiledInput {
  static let description = EntryDescription(
    category: .input, name: "poisson", summary: "An independent Poisson train onto each target neuron.",
    equations: """
      P(k spikes in dt) = (rate dt)^k exp(-rate dt) / k!
      grid: a number per neuron and step; exact: exponential gaps in continuous time
      """,
    source: "NEST poisson_generator, inhomogeneous_poisson_generator",
    fields: [
      FieldDescription(
        "rate", .series, .Hz, default: .required, .nonNegative,
        "rate of each train: a number, one per neuron, or {\"file\"} with rates over time")
    ])

  static func signal(_ fields: InputFields, count: Int, _ values: inout ValueResolver) -> InputSignal? {
    switch fields.plan.fields["rate"] {
    case .value(.number(let rate)): return .poisson(.constant(rate))
    case .value(.list(let rates)):
      guard rates.count == count else {
        values.errors.append(
          DescriptionError(fields.location("rate"), "\(rates.count) rates for \(count) trains", hint: "one rate per train"))
        return nil
      }
      return .poisson(.each(rates))
    case .value(.file(let path)):
      let place = fields.location("rate")
      guard let series = values.read(place, { try $0.series(path) }),
        let times = ascending(series.times, fields, "rate", &values.errors)
      else { return nil }
      if let i = series.values.firstIndex(where: { !($0 >= 0) || $0.isInfinite }) {
        values.errors.append(
          DescriptionError(
            place, "\(path): the rate at \(series.times[i]) ms is \(series.values[i])", hint: "rates are 0 Hz or more"))
        return nil
      }
      return .poisson(.series(times: times, values: series.values))
    default: return nil
    }
  }
}
