import SNNSignals
import SNNTraining

/// Labels written into the first features of a sample, as Hinton (2022), arXiv:2212.13345, does.
struct LabelPixels: Sendable {
  let classes: Int
  private let stream: RandomStream

  init(_ setup: LearnerSetup) throws {
    guard setup.features > setup.classes, setup.classes > 1 else {
      throw TrainingError("samples of \(setup.features) features have no room for \(setup.classes) labels beside the data")
    }
    classes = setup.classes
    stream = RandomStream(seed: setup.seed, purpose: .learning, entity: entityHash("wrong labels"))
  }

  /// One of the features 1 and the others 0, or all the same for a neutral label.
  func write<Scalar: DenseScalar>(_ label: Int?, _ sample: UnsafeMutablePointer<Scalar>) {
    guard let label else { return sample.update(repeating: Scalar(1 / Double(classes)), count: classes) }
    sample.update(repeating: 0, count: classes)
    sample[label] = 1
  }

  /// A label that is not the sample's, drawn uniformly or by `probabilities`.
  func wrong<Scalar: DenseScalar>(
    _ label: Int, _ id: Int, _ moment: Moment, _ probabilities: UnsafePointer<Scalar>? = nil
  ) -> Int {
    let u = stream.uniform(index: UInt64(id), draw: UInt64(moment.epoch))
    guard let probabilities else {
      let place = Int(u * Double(classes - 1))
      return place < label ? place : place + 1
    }
    let others = (0..<classes).filter { $0 != label }
    var rest = u * others.reduce(0) { $0 + Double(probabilities[$1]) }
    for other in others {
      rest -= Double(probabilities[other])
      if rest < 0 { return other }
    }
    return others.last!
  }
}
