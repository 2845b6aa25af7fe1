import Foundation

/// How numbers become places along an axis, and which of them get a tick.
struct Scale {
  enum Kind { case linear, logarithmic }
  var kind = Kind.linear
  var domain: ClosedRange<Double>
  /// Points: where the ends of the domain lie.
  var range: (from: Double, to: Double)

  func callAsFunction(_ x: Double) -> Double {
    let fraction =
      switch kind {
      case .linear: (x - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
      case .logarithmic: log10(x / domain.lowerBound) / log10(domain.upperBound / domain.lowerBound)
      }
    return range.from + fraction * (range.to - range.from)
  }

  /// Labelled ticks: multiples of 1, 2 or 5 times a power of ten, about `count` of them; on a logarithmic axis the powers of ten.
  func ticks(_ count: Int) -> [Double] {
    switch kind {
    case .linear:
      let step = Self.niceStep((domain.upperBound - domain.lowerBound) / Double(max(count, 1)))
      // A thousandth of a step of slack keeps the ends of a domain that was cut to multiples.
      let first = Int((domain.lowerBound / step - 1e-3).rounded(.up))
      let last = Int((domain.upperBound / step + 1e-3).rounded(.down))
      return first <= last ? (first...last).map { Double($0) * step } : []
    case .logarithmic: return powers.filter { domain.contains($0) }
    }
  }
  /// Unlabelled ticks: the multiples of powers of ten on a logarithmic axis.
  var minorTicks: [Double] {
    kind == .linear ? [] : powers.flatMap { power in (2...9).map { Double($0) * power } }.filter { domain.contains($0) }
  }
  private var powers: [Double] {
    let low = Int(log10(domain.lowerBound).rounded(.down))
    let high = Int(log10(domain.upperBound).rounded(.up))
    return (low...high).map { pow(10, Double($0)) }
  }

  /// The smallest of 1, 2, 5 times a power of ten that is not below `x`.
  static func niceStep(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return 1 }
    let power = pow(10, log10(x).rounded(.down))
    let mantissa = x / power
    // The slack absorbs the rounding of the logarithm.
    return power * (mantissa <= 1 + 1e-9 ? 1 : mantissa <= 2 + 1e-9 ? 2 : mantissa <= 5 + 1e-9 ? 5 : 10)
  }

  /// The range of `values`, widened to whole steps of a nice tick; never empty.
  static func niceDomain(_ values: [Double], including fixed: Double? = nil, ticks: Int = 4) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite) + (fixed.map { [$0] } ?? [])
    guard var low = finite.min(), var high = finite.max() else { return 0...1 }
    if low == high {
      let margin = low == 0 ? 1 : abs(low) * 0.1
      if fixed == nil { low -= margin }
      high += margin
    }
    let step = niceStep((high - low) / Double(ticks))
    return ((low / step + 1e-9).rounded(.down) * step)...((high / step - 1e-9).rounded(.up) * step)
  }

  /// A tick's label, with as many decimals as the distance of its neighbours asks for.
  static func label(_ value: Double, step: Double) -> String {
    if abs(value) >= 1e6 || (value != 0 && abs(value) < 1e-4) { return scientific(value) }
    let decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
    let text = fixedNumber(abs(value), decimals)
    let grouped = decimals == 0 && abs(value) >= 1e4 ? groupedNumber(Int(abs(value))) : text
    return (value < 0 ? "−" : "") + grouped
  }
  private static let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")

  /// 2·10⁶
  static func scientific(_ value: Double) -> String {
    let exponent = Int((log10(abs(value)) + 1e-9).rounded(.down))
    let mantissa = value / pow(10, Double(exponent))
    let digits = String(abs(exponent)).map { String(superscripts[Int(String($0))!]) }
    let power = "10" + (exponent < 0 ? "⁻" : "") + digits.joined()
    return abs(mantissa - 1) < 1e-9 ? power : shortNumber(mantissa, 2) + "·" + power
  }
}
