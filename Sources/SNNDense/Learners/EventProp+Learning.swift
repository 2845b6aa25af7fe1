import SNNSignals
import SNNTraining

extension EventProp {
  /// Samples that one task takes through the network. A piece's gradient is a sum in the order of its samples, the batch's one in
  /// the order of pieces: the same bits on any number of threads.
  private static var piece: Int { 4 }

  private func pieces(_ batch: Batch) -> [Range<Int>] {
    cut(batch.count, into: (batch.count + Self.piece - 1) / Self.piece)
  }

  private var network: EventNetwork {
    EventNetwork(p: p, forward: forward.map(\.synapses), recurrent: recurrent.map(\.synapses))
  }

  private mutating func takeCourses(_ count: Int, _ network: EventNetwork) -> [EventCourse] {
    while courses.count < count { courses.append(EventCourse(network, classes: setup.classes)) }
    return Array(courses[0..<count])
  }

  public mutating func learn(_ batch: Batch, at moment: Moment) -> Measures {
    if moment.batch == 0 { wakeSilent() }
    let (pieces, network) = (pieces(batch), network)
    let courses = takeCourses(pieces.count, network)
    setup.parallel.forEach(pieces.count) { piece in
      courses[piece].begin()
      for n in pieces[piece] { courses[piece].learn(batch.events[n], label: batch.labels[n], network) }
    }
    for place in forward.indices {
      forward[place].learn(courses.map { $0.forward[place] }, count: batch.count, p, at: moment, on: setup.parallel)
    }
    for place in recurrent.indices {
      recurrent[place].learn(courses.map { $0.recurrent[place] }, count: batch.count, p, at: moment, on: setup.parallel)
    }
    counted += batch.count
    for course in courses {
      for (place, count) in counts.enumerated() { for j in 0..<count.count { count.start[j] += Double(course.counts[place][j]) } }
    }
    return measures(courses, batch.count)
  }

  private func measures(_ courses: [EventCourse], _ count: Int) -> Measures {
    var measures = Measures()
    let isRunaway = courses.contains { $0.isRunaway }
    measures.add("loss", sum: isRunaway ? .infinity : courses.reduce(0) { $0 + $1.loss }, count: count)
    measures.add("accuracy", sum: Double(courses.reduce(0) { $0 + $1.correct }), count: count)
    let spikes = courses.reduce(0) { $0 + $1.counts.prefix(p.layers.count).joined().reduce(0, +) }
    // Of a hidden neuron in a sample.
    measures.add("spikes", sum: Double(spikes), count: count * p.layers.reduce(0, +))
    if p.delays == .learned, let delay = (forward + recurrent).compactMap(\.delay).first?.value {
      measures.add("delay", sum: delay.values.reduce(0, +), count: delay.count)
    }
    return measures
  }

  /// A neuron that never spikes has no gradient: stronger inputs bring it back.
  private mutating func wakeSilent() {
    defer { counted = 0 }
    for (place, count) in counts.enumerated() {
      let weight = forward[place].weight.value
      for j in 0..<count.count where counted > 0 && count.start[j] == 0 {
        for i in 0..<weight.rows { weight.start[i * weight.columns + j] += p.wake }
      }
      count.fill(0)
    }
  }

  public mutating func answer(_ batch: Batch) -> [Int] {
    let (pieces, network) = (pieces(batch), network)
    let courses = takeCourses(pieces.count, network)
    var answers = [Int](repeating: -1, count: batch.count)
    answers.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let places = buffer
      setup.parallel.forEach(pieces.count) { piece in
        // What fires without end has no answer.
        for n in pieces[piece] { places[n] = courses[piece].answer(batch.events[n], network) ?? -1 }
      }
    }
    return answers
  }

  /// Weights and delays with a gradient and two moments of each.
  public static func bytes(_ parameters: Parameters, _ setup: LearnerSetup) -> Double {
    let sizes = ([setup.features] + parameters.layers + [setup.classes]).map { Double($0) }
    let forward = zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    let recurrent = parameters.isRecurrent ? parameters.layers.reduce(0.0) { $0 + Double($1 * $1) } : 0
    return 4 * 8 * (forward + recurrent) * (parameters.delays == .none ? 1 : 2)
  }

  /// - Throws: `TrainingError` for parameters that don't go together.
  static func check(_ p: Parameters) throws {
    for (name, tau) in [("tau_m", p.tauM), ("tau_output", p.tauOutput)] where abs(tau - p.tauSyn) < 0.01 * p.tauSyn {
      throw TrainingError(
        "\(name) and tau_syn must differ by 1 % at least: the closed form divides by their difference", parameter: "tau_syn")
    }
    for (name, list) in [("weight_mean", p.weightMean), ("weight_sd", p.weightDeviation)]
    where list.count != 1 && list.count != p.layers.count {
      throw TrainingError(
        "there are \(list.count) values for \(p.layers.count) hidden layers", hint: "one does for all", parameter: name)
    }
    if p.isRecurrent, p.layers.isEmpty {
      throw TrainingError("without hidden layers there is nothing recurrent", parameter: "recurrent")
    }
    if p.hasOutputDelays, p.delays == .none {
      throw TrainingError("there are no delays", hint: "\"delays\": \"learned\"", parameter: "output_delays")
    }
    let delays = [("initial_delay", p.initialDelay), ("recurrent_initial_delay", p.recurrentDelay)]
    if p.delays == .learned, let wrong = delays.first(where: { $0.1 > p.longestDelay }) {
      throw TrainingError("delays would begin beyond delay_max, \(numberText(p.longestDelay)) ms", parameter: wrong.0)
    }
  }
}
