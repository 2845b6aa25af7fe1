import SNNSignals
import SNNTraining

/// Negative images without labels: two images of the batch mixed by a mask of large blobs, with the short-range structure of
/// images and not the long-range one. Hinton (2022), arXiv:2212.13345, section 3.2: random bits blurred again and again with
/// [¼, ½, ¼] along both directions, and cut at ½.
enum HybridImages {
  static func requireSquare(_ features: Int) throws {
    let side = Int(Double(features).squareRoot())
    guard side * side == features, side >= 3 else {
      throw TrainingError(
        "samples of \(features) features are no square images, which hybrid negatives are mixed from", parameter: "negatives")
    }
  }

  /// Writes the mixture of sample i and its neighbour in the batch into row count + i.
  static func mix<Scalar>(_ images: Matrix<Scalar>, _ count: Int, _ ids: [Int], _ moment: Moment, seed: UInt64) {
    let side = Int(Double(images.columns).squareRoot())
    let stream = RandomStream(seed: seed, purpose: .learning, entity: entityHash("hybrid masks"))
    var mask = [Float](repeating: 0, count: side * side)
    var blurred = mask
    for row in 0..<count {
      for i in stride(from: 0, to: mask.count, by: 32) {
        let bits = stream.words(index: UInt64(ids[row]), draw: UInt64(moment.epoch * 4096 + i / 32)).x
        for k in 0..<min(32, mask.count - i) { mask[i + k] = bits >> UInt32(k) & 1 == 1 ? 1 : 0 }
      }
      for _ in 0..<8 {
        blur(mask, &blurred, side, from: 1, lines: side)
        blur(blurred, &mask, side, from: side, lines: 1)
      }
      let (one, other) = (images.row(row), images.row((row + 1) % count))
      let mixed = images.row(count + row)
      for i in 0..<images.columns { mixed[i] = mask[i] > 0.5 ? one[i] : other[i] }
    }
  }

  /// Along one direction: `step` from a pixel to its neighbour, `lines` from a line to the next; edges repeat.
  private static func blur(_ x: [Float], _ y: inout [Float], _ side: Int, from step: Int, lines: Int) {
    for line in 0..<side {
      for i in 0..<side {
        let here = line * lines + i * step
        let before = i > 0 ? x[here - step] : x[here]
        let after = i < side - 1 ? x[here + step] : x[here]
        y[here] = 0.25 * before + 0.5 * x[here] + 0.25 * after
      }
    }
  }
}
