import SNNSignals
import Testing

@testable import SNNKernel

@Suite struct ExternalSpikesTests {
  private func ms(_ time: Double) -> Time { Time(milliseconds: time) }

  private func spikes(_ lateness: ExternalSpikes.Lateness) -> ExternalSpikes {
    ExternalSpikes(sources: 3, latency: ms(5), lateness: lateness, step: ms(0.1))
  }

  @Test("Spikes are played once, at their stamp and the latency, in order, in whatever order they came") func plays() {
    let external = spikes(.drop)
    external.add(times: [3, 1], ids: [0, 2], watermark: 0)
    external.add(times: [1], ids: [1], watermark: 3)
    #expect(external.take(until: ms(5)).isEmpty)
    #expect(external.take(until: ms(7)) == [Spike(time: ms(6), id: 1), Spike(time: ms(6), id: 2)])
    #expect(external.take(until: ms(10)) == [Spike(time: ms(8), id: 0)])
    #expect(external.take(until: ms(100)).isEmpty && external.watermark == ms(3))
    #expect(external.counts == .init(came: 3, late: 0, refused: 0))
  }

  @Test("A spike whose moment has been asked for is late: dropped, or played one step behind", arguments: [true, false])
  func late(_ isDropped: Bool) {
    let external = spikes(isDropped ? .drop : .next)
    _ = external.take(until: ms(10))
    // Due at 10 and at 10.1.
    external.add(times: [5, 5.1], ids: [0, 1], watermark: 5.1)
    let due = [Spike(time: ms(10.1), id: 0), Spike(time: ms(10.1), id: 1)]
    #expect(external.take(until: ms(20)) == (isDropped ? [due[1]] : due))
    #expect(external.counts.late == 1)
  }

  @Test("Impossible times and strange sources are refused, and no watermark goes back") func refuses() {
    let external = spikes(.next)
    external.add(times: [.nan, .infinity, -1, 1e300, 1], ids: [0, 0, 0, 0, 3], watermark: 7)
    external.add(times: [], ids: [], watermark: .nan)
    external.add(times: [], ids: [], watermark: 2)
    #expect(external.counts == .init(came: 5, late: 0, refused: 5) && external.watermark == ms(7))
    external.close()
    #expect(external.watermark == .never)
  }
}
