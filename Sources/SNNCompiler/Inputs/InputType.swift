import SNNDescription
import SNNDynamics
import SNNKernel
import SNNSignals

/// What an input sends, before it is given targets, weights and delays.
enum InputSignal {
  case poisson(Rate)
  /// Poisson trains that show samples.
  case samples(SamplePlay)
  /// Spikes that come while the run goes on.
  case external(ExternalSource)
  /// Spikes of `trains` sources, sorted. One train goes to every target; else train i goes to the i-th target.
  case spikes([Spike], trains: Int)
  /// A current, with a factor for all or one per target.
  case current(CurrentDrive.Waveform, factors: [Double])
}

/// A type of input: its description, the only place that names its fields, and its meaning.
public protocol InputType: Sendable {
  static var description: EntryDescription { get }
}

protocol CompiledInput: InputType {
  /// `count` is the number of neurons (or trains) that the input feeds.
  static func signal(_ fields: InputFields, count: Int, _ values: inout ValueResolver) -> InputSignal?
}

/// The inputs of the contract.
public enum StandardInputs {
  static let types: [any CompiledInput.Type] = [
    PoissonInput.self, SpikesInput.self, DCInput.self, StepsInput.self, SineInput.self, NoiseInput.self,
    DatasetInput.self, StreamInput.self,
  ]
  /// Their descriptions, for a ``Catalogue``.
  public static var descriptions: [EntryDescription] { types.map { $0.description } }

  static func type(_ name: String) -> (any CompiledInput.Type)? { types.first { $0.description.name == name } }
}

/// The fields of one input with the places to blame.
struct InputFields {
  let plan: InputPlan
  let stream: RandomStream
  /// The section `data`.
  let data: [DataPlan]
  /// Indices of populations.
  let populations: [String: Int]
  /// The resolution.
  let step: Time
  /// The end of the run, where an input without `stop` ends.
  let end: Time

  func number(_ name: String) -> Double? {
    switch plan.fields[name] {
    case .number(let x): x
    case .value(.number(let x)): x
    default: nil
    }
  }
  func numbers(_ name: String) -> [Double]? {
    switch plan.fields[name] {
    case .numbers(let all), .value(.list(let all)): all
    default: nil
    }
  }
  func location(_ name: String) -> SourceLocation {
    var location = plan.location
    location.path += ".\(name)"
    return location
  }
}

/// Times that must ascend strictly, in ms.
func ascending(_ times: [Double], _ fields: InputFields, _ name: String, _ errors: inout [DescriptionError]) -> [Time]? {
  for (i, t) in times.enumerated() {
    guard Time.isRepresentable(milliseconds: t) else {
      errors.append(DescriptionError(fields.location("\(name)[\(i)]"), "\(t) ms is beyond the range of time"))
      return nil
    }
    if i > 0, t <= times[i - 1] {
      errors.append(
        DescriptionError(
          fields.location("\(name)[\(i)]"), "\(t) ms does not come after \(times[i - 1]) ms", hint: "times must ascend"))
      return nil
    }
  }
  return times.map(Time.init(milliseconds:))
}
