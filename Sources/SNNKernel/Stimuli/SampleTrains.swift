import Foundation
import SNNSignals

/// The Poisson trains that show samples: all spikes of a presentation are drawn when it begins, keyed by (train, presentation
/// and number of the spike), so that they depend on nothing but what is shown.
struct SampleTrains {
  let schedule: SampleSchedule
  private let trains: Range<Int>
  private let stream: RandomStream
  private var drawn: [Spike] = []
  private var next = 0
  private var presentation = 0

  init(_ schedule: SampleSchedule, trains: Range<Int>, stream: RandomStream) {
    self.schedule = schedule
    self.trains = trains
    self.stream = stream
  }

  /// Calls `body` with each spike up to and including `end` that has not been emitted yet, in the order (time, train).
  mutating func emit(until end: Time, _ body: (Spike) -> Void) {
    let play = schedule.play
    while true {
      while next < drawn.count {
        let spike = drawn[next]
        if spike.time > end { return }
        next += 1
        if spike.time > play.start, spike.time <= play.stop { body(spike) }
      }
      guard presentation < play.presentations, play.period * presentation < end else { return }
      draw()
      presentation += 1
    }
  }

  mutating func pass(through state: StateTransfer) throws {
    try state.list(&drawn)
    try state.value(&next)
    try state.value(&presentation)
    try state.require(
      (0...drawn.count).contains(next) && (0...schedule.play.presentations).contains(presentation)
        && drawn.allSatisfy { trains.contains(Int($0.id)) && $0.time >= .zero },
      "shows what can't be")
  }

  private mutating func draw() {
    drawn.removeAll(keepingCapacity: true)
    next = 0
    let play = schedule.play
    let shown = schedule.presentations[presentation]
    guard let sample = shown.sample, shown.maximum > 0 else { return }
    let begin = play.period * presentation
    let last = play.shown.milliseconds
    for train in trains {
      let byte = play.bytes[sample * play.trains + train]
      guard byte > 0 else { continue }
      let mean = 1000 / (shown.maximum * Double(byte) / 255)
      var time = 0.0
      var number: UInt64 = 0
      while true {
        // Bit 62 keeps these keys apart from those of a drive.
        time -= mean * log(stream.uniform(index: 1 << 62 | UInt64(train), draw: UInt64(presentation) << 32 | number))
        guard time <= last else { break }
        number += 1
        drawn.append(Spike(time: begin + max(Time(picoseconds: 1), Time(milliseconds: time)), id: UInt32(train)))
      }
    }
    drawn.sort()
  }
}
