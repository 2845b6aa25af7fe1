import Foundation
import SNNSignals

/// Poisson numbers of one mean by inversion of a 32-bit word through the distribution function.
///
/// A guide of 1,024 entries answers most words at once; the others walk up the function. Probabilities are rounded to
/// 2⁻³², so use it for means of ``smallestMean`` or more, where that is below 10⁻⁶ of P(1).
public struct PoissonTable: Sendable {
  public static let smallestMean = 0x1p-12
  /// Largest mean: the guide walks over at most some 12 standard deviations.
  public static let largestMean = 1e6

  /// word < thresholds[k − first]  ⇔  the number is k or less.
  private let thresholds: [UInt32]
  private let first: Int
  /// The number for the smallest word of each of 1,024 equal intervals, less `first`.
  private let guide: [UInt32]

  public init(mean: Double) {
    precondition(mean >= Self.smallestMean && mean <= Self.largestMean)
    // Sum the probabilities upwards from far below the mean, where they vanish.
    let low = max(0, Int(mean - 12 * mean.squareRoot() - 20))
    var thresholds: [UInt32] = []
    var cumulated = 0.0
    var first = low
    var k = low
    while true {
      cumulated += exp(Double(k) * log(mean) - mean - lgamma(Double(k) + 1))
      let scaled = (cumulated * 0x1p32).rounded()
      if scaled >= 0x1p32 - 1 { break }
      if scaled < 1 && thresholds.isEmpty { first = k + 1 } else { thresholds.append(UInt32(scaled)) }
      k += 1
      if Double(k) > mean + 12 * mean.squareRoot() + 60 { break }
    }
    thresholds.append(.max)
    self.thresholds = thresholds
    self.first = first
    var guide = [UInt32](repeating: 0, count: 1024)
    var at = 0
    for i in 0..<1024 {
      let word = UInt32(i) << 22
      while thresholds[at] <= word && thresholds[at] != .max { at += 1 }
      guide[i] = UInt32(at)
    }
    self.guide = guide
  }

  /// The Poisson number of a uniform word.
  @inline(__always)
  public func number(_ word: UInt32) -> Int {
    thresholds.withUnsafeBufferPointer { thresholds in
      var k = Int(guide.withUnsafeBufferPointer { $0[Int(word >> 22)] })
      while word >= thresholds[k] && thresholds[k] != .max { k += 1 }
      return first + k
    }
  }
}
