/// The shortest decimal that reads back as `x`, as JSON writes numbers: 20000, 0.1, 1e-07.
public func numberText(_ x: Double) -> String {
  if x.rounded() == x, abs(x) < 1e15 { return x == 0 && x.sign == .minus ? "-0.0" : String(Int64(x)) }
  let text = "\(x)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
