import SNNDescription
import SNNKernel
import SNNSignals

/// Spikes that are given.
enum SpikesInput: CompiledInput {
  static let description = EntryDescription(
    category: .input, name: "spikes", summary: "Plays given spike times; source i goes to target i.",
    equations: "a spike at t with delay d acts at t + d (grid: at the first step end at or after it)",
    source: "NEST spike_generator",
    fields: [
      FieldDescription(
        "times", .numbers, .ms, default: .absent, .nonNegative, "spike times, with `ids`, or one train for all targets"),
      FieldDescription(
        "ids", .ids, default: .absent, .nonNegative, "the source of each spike of `times`; with `file`, the target of each source"
      ),
      FieldDescription("file", .path, default: .absent, .any, "SONATA h5, npz (times, ids), csv or bs1 file with the spikes"),
      FieldDescription("population", .text, default: .absent, .any, "which population of the file"),
    ])

  static func signal(_ fields: InputFields, count: Int, _ values: inout ValueResolver) -> InputSignal? {
    let plan = fields.plan
    let times = fields.numbers("times")
    var ids: [UInt32]?
    if case .ids(let all) = plan.fields["ids"] { ids = all }
    if case .path(let path) = plan.fields["file"] {
      guard times == nil else {
        values.errors.append(
          DescriptionError(fields.location("file"), "spikes come either from \"times\" or from a \"file\", not both"))
        return nil
      }
      var population: String?
      if case .text(let name) = plan.fields["population"] { population = name }
      guard let spikes = values.read(fields.location("file"), { try $0.spikes(path, population) }) else { return nil }
      guard let targets = ids else { return check(spikes.times, spikes.ids, fields, count: count, &values) }
      if let i = spikes.ids.firstIndex(where: { $0 >= UInt32(clamping: targets.count) }) {
        values.errors.append(
          DescriptionError(
            fields.location("ids"), "spike \(i) of the file has source \(spikes.ids[i]), but there are only \(targets.count) ids",
            hint: "source i goes to the target ids[i]"))
        return nil
      }
      return check(spikes.times, spikes.ids.map { targets[Int($0)] }, fields, count: count, &values)
    }
    guard let times else {
      values.errors.append(
        DescriptionError(plan.location, "a spikes input needs \"times\" or a \"file\"", hint: "\"times\": [10, 20.5]"))
      return nil
    }
    return check(times, ids, fields, count: count, &values)
  }

  private static func check(
    _ times: [Double], _ ids: [UInt32]?, _ fields: InputFields, count: Int, _ values: inout ValueResolver
  ) -> InputSignal? {
    if let ids, ids.count != times.count {
      values.errors.append(
        DescriptionError(
          fields.location("ids"), "\(ids.count) ids for \(times.count) times", hint: "one id for each time, or no ids"))
      return nil
    }
    if let ids, let i = ids.firstIndex(where: { $0 >= UInt32(clamping: count) }) {
      values.errors.append(
        DescriptionError(
          fields.plan.location, "spike \(i) has source \(ids[i]), but there are only \(count) targets",
          hint: "source i goes to target i, counted from 0"))
      return nil
    }
    if let i = times.firstIndex(where: { !($0 >= 0) || !Time.isRepresentable(milliseconds: $0) }) {
      values.errors.append(DescriptionError(fields.plan.location, "spike \(i) has the time \(times[i]) ms"))
      return nil
    }
    let start = Time(milliseconds: fields.plan.start)
    let stop = fields.plan.stop.map(Time.init(milliseconds:)) ?? .never
    var spikes = times.enumerated().map { Spike(time: Time(milliseconds: $0.element), id: ids?[$0.offset] ?? 0) }
    spikes = spikes.filter { $0.time >= start && $0.time <= stop }
    spikes.sort()
    return .spikes(spikes, trains: ids == nil ? 1 : count)
  }
}
