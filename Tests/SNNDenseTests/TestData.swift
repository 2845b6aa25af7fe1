import Foundation
import SNNSignals
import SNNTraining
import Testing

@testable import SNNDense

/// A running sequence of random numbers, the same on every machine.
struct Numbers {
  private let stream: RandomStream
  private var count: UInt64 = 0
  init(_ seed: UInt64) { stream = RandomStream(seed: seed, purpose: .parameter, entity: entityHash("dense tests")) }

  mutating func normal() -> Double {
    count += 1
    return stream.normal(index: 0, draw: count)
  }
  mutating func uniform() -> Double {
    count += 1
    return stream.uniform(index: 0, draw: count)
  }
  mutating func normals(_ n: Int, deviation: Double = 1) -> [Double] { (0..<n).map { _ in deviation * normal() } }
}

/// A batch of random samples.
func randomBatch(_ count: Int, features: Int, classes: Int, steps: Int = 1, seed: UInt64 = 1, spikes: Double? = nil) -> Batch {
  var numbers = Numbers(seed)
  let inputs = (0..<count * steps * features).map { _ in
    let u = numbers.uniform()
    return Float(spikes.map { u < $0 ? 1 : 0 } ?? u)
  }
  return Batch(
    inputs: inputs, count: count, steps: steps, features: features,
    labels: (0..<count).map { _ in Int(numbers.uniform() * Double(classes)) }, ids: Array(0..<count))
}

/// 40 samples of 64 features in 4 classes, each a bar at its place.
func barsBatch() -> Batch {
  var batch = randomBatch(40, features: 64, classes: 4)
  for i in 0..<40 {
    for k in 0..<64 { batch.inputs[i * 64 + k] *= k / 16 == batch.labels[i] ? 1 : 0.1 }
  }
  return batch
}

/// Cosine of the angle between two gradients, and the length of their difference over that of the second.
func compare(_ a: [Double], _ b: [Double]) -> (cosine: Double, error: Double) {
  let (aa, bb, ab) = (dot(a, a), dot(b, b), dot(a, b))
  return (ab / (aa * bb).squareRoot(), (max(0, aa + bb - 2 * ab) / bb).squareRoot())
}
func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

/// |a − b|/|b| without the cancellation that ``compare(_:_:)`` has below 1e-8.
func relativeError(_ a: [Double], _ b: [Double]) -> Double {
  let d = zip(a, b).map { $0 - $1 }
  return (dot(d, d) / dot(b, b)).squareRoot()
}

/// Runs tasks on several threads in a random-looking order.
let threaded = Parallel { count, body in DispatchQueue.concurrentPerform(iterations: count) { body(count - 1 - $0) } }
