import SNNSignals
import Testing

@testable import SNNStream

/// The fixtures were written by tools/fixtures/stream_messages.py, from the description of the formats alone.
@Suite struct StreamBridgeTests {
  private let wall: UInt64 = 1_790_000_000_123_456_789

  @Test("Open Ephys: spikes and rates have the bytes that an independent script gives them") func openEphys() throws {
    let expected = try fixture("open-ephys.stream")
    let spike = Spike(time: Time(milliseconds: 10.1), id: 17)
    #expect(lines(OpenEphysBridge.frames(of: spike, population: "E", number: 5, wall: wall)) == lines(expected[0]))
    #expect(OpenEphysBridge.frames(of: spike, population: "E", number: 5, wall: wall) == expected[0])
    let rate = OpenEphysBridge.frames(
      ofRate: 12.5, population: "E", channel: 1, at: Time(milliseconds: 50), number: 6, wall: wall)
    #expect(rate == expected[1])
  }

  @Test("PlotJuggler: scalars in JSON, and the time as decimal text in the third frame") func plotJuggler() throws {
    let expected = try fixture("plotjuggler.stream")
    let rate = PlotJugglerBridge.frames("rate/E", [("t", 0.05), ("hz", 12.5)], wall: wall)
    #expect(rate == expected[0], "\(lines(rate))")
    #expect(PlotJugglerBridge.frames("loss", [("t", 1), ("spikes", 3)], wall: wall) == expected[1])
    let early = PlotJugglerBridge.frames("loss", [], wall: 1_000_000_042_000)
    #expect(lines(early)[2] == "1000.000042")
  }
}
