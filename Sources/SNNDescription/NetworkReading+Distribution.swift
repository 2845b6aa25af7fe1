import Foundation
import SNNSignals

extension NetworkReading {
  mutating func distribution(_ members: Members, _ unit: Unit, _ bound: Bound) -> Distribution? {
    let keys = [
      "uniform": ["low", "high"], "normal": ["mean", "sd", "min", "max"], "lognormal": ["mean", "sd"],
      "exponential": ["mean", "scale"],
    ]
    guard let node = members["dist"],
      let name = choice(node, among: ["uniform", "normal", "lognormal", "exponential"]), let allowed = keys[name]
    else { return nil }
    check(members, allowed: ["dist"] + allowed, of: "the distribution \"\(name)\"")
    switch name {
    case "uniform": return uniform(members, unit, bound)
    case "normal": return normal(members, unit, bound)
    case "lognormal":
      let mean = required("mean", of: members).flatMap { quantity($0, .none) }
      let sd = required("sd", of: members).flatMap { quantity($0, .none, .nonNegative) }
      guard let mean, let sd else { return nil }
      return .lognormal(mean: mean, sd: sd)
    default:
      return exponential(members, unit)
    }
  }

  /// Its mean, which may also be called by numpy's word.
  private mutating func exponential(_ members: Members, _ unit: Unit) -> Distribution? {
    if let scale = members["scale"], members["mean"] != nil { report(scale, "\"scale\" is another word for \"mean\": give one") }
    let node = members["scale"] ?? required("mean", of: members)
    return node.flatMap { quantity($0, unit, .positive) }.map { .exponential(scale: $0) }
  }

  private mutating func uniform(_ members: Members, _ unit: Unit, _ bound: Bound) -> Distribution? {
    let low = required("low", of: members).flatMap { quantity($0, unit, bound) }
    let high = required("high", of: members).flatMap { quantity($0, unit, bound) }
    guard let low, let high else { return nil }
    guard low <= high else {
      report(members.node, "low (\(numberText(low))) is above high (\(numberText(high)))")
      return nil
    }
    return .uniform(low: low, high: high)
  }

  private mutating func normal(_ members: Members, _ unit: Unit, _ bound: Bound) -> Distribution? {
    let mean = required("mean", of: members).flatMap { quantity($0, unit) }
    let sd = required("sd", of: members).flatMap { quantity($0, unit, .nonNegative) }
    let count = errors.count
    let lowest = members["min"].flatMap { quantity($0, unit, bound) }
    let highest = members["max"].flatMap { quantity($0, unit, bound) }
    guard let mean, let sd, errors.count == count else { return nil }
    // Redrawing ends soon only if the interval holds a fair part of the distribution.
    func below(_ x: Double) -> Double { sd > 0 ? 0.5 * erfc((mean - x) / (sd * 2.0.squareRoot())) : x >= mean ? 1 : 0 }
    let isInside = sd > 0 || (lowest ?? mean) <= mean && mean <= (highest ?? mean)
    let part = sd > 0 ? (highest.map(below) ?? 1) - (lowest.map(below) ?? 0) : 1
    guard isInside, part >= 1e-3 else {
      report(
        members.node, "fewer than one draw in a thousand falls between min and max", hint: "bring min and max closer to the mean")
      return nil
    }
    return .normal(mean: mean, sd: sd, min: lowest, max: highest)
  }
}
