import SNNDescription
import SNNSignals

/// A value per entity after files are read and draws are made.
enum EntityValues: Sendable {
  case one(Double)
  case each([Double])

  subscript(_ i: Int) -> Double {
    switch self {
    case .one(let x): x
    case .each(let all): all[i]
    }
  }
  var all: [Double] {
    switch self {
    case .one(let x): [x]
    case .each(let all): all
    }
  }
}

/// Turns value sources into numbers, noting what is wrong.
struct ValueResolver {
  let data: DataSource
  let seed: UInt64
  var errors: [DescriptionError] = []

  /// - Parameters:
  ///   - entity: the name that keys the draws, such as `E/V_m`.
  mutating func resolve(
    _ source: ValueSource, count: Int, entity: String, purpose: RandomPurpose, field: FieldDescription?,
    at location: SourceLocation
  ) -> EntityValues? {
    switch source {
    case .number(let x): return .one(x)
    case .list(let all): return .each(all)
    case .distribution(let distribution):
      let stream = RandomStream(seed: seed, purpose: purpose, entity: entityHash(entity))
      return checked((0..<count).map { distribution.value(stream, index: UInt64($0), draw: 0) }, field, "a draw", at: location)
    case .file(let path):
      guard let all = read(location, { try $0.numbers(path) }) else { return nil }
      guard all.count == count else {
        errors.append(
          DescriptionError(
            location, "\(path) holds \(all.count) numbers, but \(count) are needed", hint: "one number per neuron"))
        return nil
      }
      return checked(all, field, "the file", at: location)
    }
  }

  private mutating func checked(
    _ values: [Double], _ field: FieldDescription?, _ what: String, at location: SourceLocation
  ) -> EntityValues? {
    let bound = field?.bound ?? .any
    if let i = values.firstIndex(where: { !$0.isFinite || !bound.allows($0) }) {
      let name = field.map { " for \($0.name)" } ?? ""
      errors.append(
        DescriptionError(
          location, "\(what)\(name) gave \(values[i]) for entity \(i)",
          hint: bound.text.map { "it must be \($0)" } ?? "it must be a finite number"))
      return nil
    }
    return .each(values)
  }

  /// Runs `body`, turning a failure into an error at `location`.
  mutating func read<T>(_ location: SourceLocation, _ body: (DataSource) throws -> T) -> T? {
    do {
      return try body(data)
    } catch {
      errors.append(DescriptionError(location, "\(error)"))
      return nil
    }
  }
}
