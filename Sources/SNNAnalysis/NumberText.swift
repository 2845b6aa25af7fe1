import Foundation

/// `x` with exactly so many decimals: 3.10. Without a locale.
func fixedNumber(_ x: Double, _ decimals: Int) -> String {
  let text = String(format: "%.\(decimals)f", x)
  return text.contains { ("1"..."9").contains($0) } || !text.hasPrefix("-") ? text : String(text.dropFirst())
}

/// `x` with at most so many decimals and no trailing zeros: 3.1, 20.
func shortNumber(_ x: Double, _ decimals: Int = 3) -> String {
  let text = fixedNumber(x, decimals)
  guard text.contains(".") else { return text }
  let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
  return String(trimmed.reversed())
}

/// A count with thousands apart: 12,500.
func groupedNumber(_ n: Int) -> String {
  let digits = Array(String(n.magnitude))
  let grouped = digits.indices.map { i in
    (i > 0 && (digits.count - i) % 3 == 0 ? "," : "") + String(digits[i])
  }
  return (n < 0 ? "−" : "") + grouped.joined()
}
