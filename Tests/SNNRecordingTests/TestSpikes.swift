import SNNSignals

@testable import SNNRecording

/// Three populations over two windows of 1 ms; times in ms.
let testWindows = [
  window(0, [[(0.1, 2)], [(0.1, 3), (0.1, 7)], []]),
  window(1, [[(1.250000001, 0), (2, 1)], [], []]),
]

func window(_ start: Double, _ populations: [[(ms: Double, id: UInt32)]]) -> WindowSpikes {
  WindowSpikes(
    window: Window(start: Time(milliseconds: start), end: Time(milliseconds: start + 1)),
    populations: populations.map { $0.map { Spike(time: Time(milliseconds: $0.ms), id: $0.id) } })
}
