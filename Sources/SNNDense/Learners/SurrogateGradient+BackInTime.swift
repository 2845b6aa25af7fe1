import SNNTraining

/// Back through time: layer by layer, each with its whole sequence at once, so that a product has all steps as its rows.
extension SurrogateGradientNetwork {
  /// One layer's course through a sequence: a row for each sample of each step, step after step.
  struct Course {
    let u: Matrix<Scalar>
    let z: Matrix<Scalar>
    /// Derivatives at the spikes, then at the currents.
    let error: Matrix<Scalar>
    /// Currents; of the first layer of a static sample, those of one step.
    let drive: Matrix<Scalar>
    /// Derivatives summed over the steps, a row for each sample (first layer, static samples).
    let sum: Matrix<Scalar>
    /// Mean spikes, which the outputs read (last layer, mean output).
    let mean: Matrix<Scalar>
    /// The outputs, and derivatives there: of the mean output, or of each step.
    let output: Matrix<Scalar>
  }

  mutating func takeCourses(_ batch: Batch) -> [Course] {
    let steps = steps(batch)
    let (sizes, classes, isStatic, isMean) = (p.layers, setup.classes, batch.steps == 1, p.output == .mean)
    return courses.take(batch.count) { rows in
      sizes.enumerated().map { place, size in
        let isLast = place == sizes.count - 1
        return Course(
          u: Matrix(rows * steps, size), z: Matrix(rows * steps, size), error: Matrix(rows * steps, size),
          drive: Matrix(place == 0 && isStatic ? rows : rows * steps, size),
          sum: place == 0 && isStatic ? Matrix(rows, size) : Matrix(0, 0),
          mean: isLast && isMean ? Matrix(rows, size) : Matrix(0, 0),
          output: isLast ? Matrix(isMean ? rows : rows * steps, classes) : Matrix(0, 0))
      }
    }
  }

  mutating func learnBackInTime(_ batch: Batch, at moment: Moment) -> Measures {
    let (courses, x, steps) = (takeCourses(batch), input(batch), steps(batch))
    let (count, isMean) = (batch.count, p.output == .mean)
    for place in taps.indices { taps[place].spread(stack.layers[place].weight.value, at: moment, on: setup.parallel) }
    forward(courses, x, batch)

    // The outputs.
    let top = courses.last!
    let last = p.layers.count
    let outputRows = isMean ? 0..<count : 0..<count * steps
    let answers: [Int]
    var loss = 0.0
    if isMean {
      answers = largest(top.output, count)
      loss = takeDerivative(of: p.loss, top.output, batch.labels).loss
    } else {
      let sum = Matrix<Scalar>(count, setup.classes)
      for t in 0..<steps { Scalar.add(sum.count, 1, top.output.row(t * count), to: sum.start) }
      answers = largest(sum, count)
      let labels = (0..<steps).flatMap { _ in batch.labels }
      loss = takeDerivative(of: p.loss, top.output, labels).loss / Double(steps)
    }
    multiply(
      top.output.rows(outputRows), stack.layers[last].weight.value.whole, into: top.error.rows(outputRows), on: setup.parallel)
    // Hidden layers, from the last to the first.
    for place in stride(from: last - 1, through: 0, by: -1) {
      backThroughTime(courses[place], count, steps, isSame: isMean && place == last - 1)
      if place > 0 {
        goDown(place, courses[place].error, into: courses[place - 1].error, count, steps)
      }
    }
    let spikes = courses.reduce(0.0) { $0 + Double(Scalar.dot(count * steps * $1.z.columns, $1.z.start, $1.z.start)) }

    // Weights.
    let scale = 1 / Scalar(count)
    let all = 0..<count * steps
    for place in 0...last {
      let delta: MatrixPart<Scalar>
      var input = place == 0 ? x.rows(0..<count * batch.steps) : courses[place - 1].z.rows(all)
      let presynaptic = input
      if place == last {
        delta = top.output.rows(outputRows)
        if isMean { input = top.mean.rows(0..<count) }
      } else if place == 0, batch.steps == 1 {
        delta = courses[0].sum.rows(0..<count)
      } else {
        delta = courses[place].error.rows(all)
      }
      learn(
        place, delta, input, scale: place == last && isMean ? scale : scale / Scalar(steps), at: moment, presynaptic: presynaptic)
    }
    let correct = zip(answers, batch.labels).count { $0 == $1 }
    return measures(loss: loss, correct: correct, spikes: spikes, batch)
  }

  func forward(_ courses: [Course], _ x: Matrix<Scalar>, _ batch: Batch) {
    let (count, steps) = (batch.count, steps(batch))
    for (place, course) in courses.enumerated() {
      let input = place == 0 ? x.rows(0..<count * batch.steps) : courses[place - 1].z.rows(0..<count * steps)
      drive(place, input, into: course.drive, count)
      let driveStep = place == 0 && batch.steps == 1 ? 0 : count * course.u.columns
      let (units, leak, threshold) = (count * course.u.columns, Scalar(p.leak), Scalar(p.threshold))
      let isRead = place == courses.count - 1 && p.output == .mean
      pieces(units) { from, size in
        let rest = Matrix<Scalar>(1, size)
        let current = Matrix<Scalar>(1, size)
        for t in 0..<steps {
          let here = t * units + from
          var drive = course.drive.start + t * driveStep + from
          if p.synapticLeak > 0 {
            Scalar.decay(current.start, by: Scalar(p.synapticLeak), adding: drive, size)
            drive = current.start
          }
          Scalar.charge(
            t > 0 ? course.u.start + here - units : rest.start, t > 0 ? course.z.start + here - units : rest.start, drive,
            into: course.u.start + here, size, leak: leak, threshold: threshold, p.reset)
          spike(course.u.start + here, into: course.z.start + here, size)
          if isRead { Scalar.decay(course.mean.start + from, by: t == 0 ? 0 : 1, adding: course.z.start + here, size) }
        }
        if isRead {
          let mean = course.mean.start + from
          Scalar.combine(1 / Scalar(steps), mean, 0, rest.start, into: mean, size)
        }
      }
    }
    let top = courses.last!
    stack.layers.last!.forward(
      p.output == .mean ? top.mean.rows(0..<count) : top.z.rows(0..<count * steps), into: top.output, on: setup.parallel)
  }

  /// error: derivatives at the spikes → at the currents. `isSame`: those of all steps stand in the first.
  private func backThroughTime(_ course: Course, _ count: Int, _ steps: Int, isSame: Bool) {
    let (units, leak, threshold) = (count * course.u.columns, Scalar(p.leak), Scalar(p.threshold))
    let sumsDerivatives = course.sum.count > 0
    pieces(units) { from, size in
      // The derivatives at the potential and the current of the step after, zero for the last.
      let later = Matrix<Scalar>(1, size)
      let here = Matrix<Scalar>(1, size)
      let slope = Matrix<Scalar>(1, size)
      let current = Matrix<Scalar>(1, size)
      let same = Matrix<Scalar>(1, isSame ? size : 0)
      if isSame { same.start.update(from: course.error.start + from, count: size) }
      for t in stride(from: steps - 1, through: 0, by: -1) {
        let at = t * units + from
        let (u, z, error) = (course.u.start + at, course.z.start + at, course.error.start + at)
        Scalar.surrogate(p.surrogate, u, into: slope.start, size, threshold: threshold, scale: Scalar(p.scale))
        Scalar.back(
          isSame ? same.start : error, slope.start, later.start, u, z, into: here.start, size, leak: leak, threshold: threshold,
          p.reset, isDetached: p.isDetached)
        later.copy(here)
        Scalar.decay(current.start, by: Scalar(p.synapticLeak), adding: here.start, size)
        if sumsDerivatives {
          Scalar.decay(course.sum.start + from, by: t == steps - 1 ? 0 : 1, adding: current.start, size)
        }
        error.update(from: current.start, count: size)
      }
    }
  }

  /// Pieces of the units of a batch that fit the first-level cache with all they need in a step.
  private func pieces(_ units: Int, _ body: @Sendable (_ from: Int, _ size: Int) -> Void) {
    let pieces = cut(units, into: (units + 2047) / 2048, multipleOf: 16)
    setup.parallel.forEach(pieces.count) { body(pieces[$0].lowerBound, pieces[$0].count) }
  }
}
