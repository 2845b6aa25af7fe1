import SNNSignals
import SNNTraining

/// `count` samples of one step: value i of sample n is n + i/10, its class n modulo `classes`.
func counted(_ count: Int, features: Int = 3, classes: Int = 2, name: String = "set") -> Dataset {
  let values = (0..<count).flatMap { n in (0..<features).map { Float(n) + Float($0) / 10 } }
  return Dataset(
    name: name,
    LabelledSamples(
      .values(values), steps: 1, features: features, labels: (0..<count).map { $0 % classes },
      classNames: (0..<classes).map(String.init)))
}

/// One sample with these values.
func single(_ values: [Float], steps: Int = 1) -> Dataset {
  Dataset(
    name: "one",
    LabelledSamples(
      .values(values), steps: steps, features: values.count / steps, labels: [0], classNames: ["0", "1"]))
}

/// What an encoder makes of the only sample of a set.
func encoded(_ encoders: [any Encoder], _ set: Dataset, seed: UInt64 = 1, round: Int = 0) throws -> Batch {
  let prepared = try Encoding(encoders).prepared([set], .serial)
  let maker = try BatchMaker(prepared.encoding, of: prepared.sets[0].shape, seed: seed, parallel: .serial)
  return maker.batch(prepared.sets[0], ids: prepared.sets[0].ids[...], round: round)
}
