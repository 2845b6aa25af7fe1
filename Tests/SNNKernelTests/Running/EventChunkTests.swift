import SNNModels
import SNNSignals
import Testing

@testable import SNNKernel

@Suite struct EventChunkTests {
  private let step = Time(milliseconds: 0.1)
  private let window = Time(milliseconds: 1)

  /// A chunk of quiet neurons, advanced through `windows` windows.
  private func chunk(windows: Int, drive: [CurrentDrive] = [], poisson: [PoissonDrive] = []) -> EventChunk<IafPscExp> {
    var plan = ChunkPlan(neurons: 0..<500, windowLength: window)
    plan.currents = drive
    plan.poisson = poisson
    let chunk = EventChunk(plan, models: .shared(IafPscExp()), initial: [], step: step)
    let board = SpikeBoard([], chunks: 0)
    var bench = Workbench()
    for number in 0..<windows {
      let now = Window(start: window * number, end: window * (number + 1))
      chunk.advance(through: now, number: number, board: board, bench: &bench)
    }
    return chunk
  }

  @Test("A chunk without events does no work after its neurons' first look, however long it runs")
  func quiet() {
    #expect(chunk(windows: 1).agenda.dueCount == 500)
    #expect(chunk(windows: 2000).agenda.dueCount == 500)
  }

  @Test("One event is the work of one neuron") func oneEvent() {
    let current = CurrentDrive(
      waveform: .constant(1), factors: [1], delay: .zero, start: Time(milliseconds: 900), stop: .never, members: [123])
    #expect(chunk(windows: 2000, drive: [current]).agenda.dueCount == 501)
  }

  @Test("Poisson spikes are the only work of a chunk they drive: 500 trains of 2 Hz for 2 s, within 5 deviations")
  func poisson() {
    let stream = RandomStream(seed: 6, purpose: .poisson, entity: 1)
    let drive = PoissonDrive(
      rate: .constant(2), weights: [0.01], receptor: .excitatory, delay: .zero, start: .zero, stop: .never, members: nil,
      stream: stream)
    let due = chunk(windows: 2000, poisson: [drive]).agenda.dueCount
    #expect(abs(Double(due - 500) - 2000) < 5 * 2000.0.squareRoot())
  }
}
