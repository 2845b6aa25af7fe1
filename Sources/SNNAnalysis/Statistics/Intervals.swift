extension Statistics {
  /// Inter-spike intervals of an ascending train, ms. Elephant: `isi`.
  public static func isi(_ train: [Double]) -> [Double] { zip(train.dropFirst(), train).map { $0 - $1 } }

  /// Coefficient of variation, σ/μ with `ddof = 0`; 0 for one interval, `nan` for none. Elephant: `cv` (`scipy.stats.variation`).
  public static func cv(_ intervals: [Double]) -> Double { standardDeviation(intervals) / mean(intervals) }

  /// CV₂ = 2 ⟨ |I₍ᵢ₊₁₎ − Iᵢ| / (I₍ᵢ₊₁₎ + Iᵢ) ⟩. Holt et al. (1996), doi:10.1152/jn.1996.75.5.1806. Elephant: `cv2`.
  public static func cv2(_ intervals: [Double]) -> Double {
    2 * mean(neighbours(intervals).map { abs($1 - $0) / ($0 + $1) })
  }

  /// Local variation, 3 ⟨ ((I₍ᵢ₊₁₎ − Iᵢ) / (I₍ᵢ₊₁₎ + Iᵢ))² ⟩. Shinomoto et al. (2003), doi:10.1162/089976603322518759.
  /// Elephant: `lv`.
  public static func lv(_ intervals: [Double]) -> Double {
    3 * mean(neighbours(intervals).map { (($1 - $0) / ($0 + $1)) * (($1 - $0) / ($0 + $1)) })
  }

  /// Local variation, revised for a refractoriness constant R in ms:
  /// 3 ⟨ (1 − 4 Iᵢ I₍ᵢ₊₁₎ / (Iᵢ + I₍ᵢ₊₁₎)²) (1 + 4 R / (Iᵢ + I₍ᵢ₊₁₎)) ⟩.
  /// Shinomoto et al. (2009), doi:10.1371/journal.pcbi.1000433. Elephant: `lvr`.
  public static func lvr(_ intervals: [Double], refractoriness: Double = 5) -> Double {
    3 * mean(neighbours(intervals).map { (1 - 4 * $0 * $1 / (($0 + $1) * ($0 + $1))) * (1 + 4 * refractoriness / ($0 + $1)) })
  }

  private static func neighbours(_ intervals: [Double]) -> [(Double, Double)] {
    Array(zip(intervals, intervals.dropFirst()))
  }
}
