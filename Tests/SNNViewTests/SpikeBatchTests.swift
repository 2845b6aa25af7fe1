import NIOCore
import Testing

@testable import SNNView

@Suite struct SpikeBatchTests {
  @Test("The bytes of a batch are those that the page's protocol.js describes") func layout() {
    var batch = SpikeBatch(edge: 12.5)
    batch.add(population: 3, times: [10.25, 10, 11.5], ids: [7, 0, 258])
    let expected: [UInt8] =
      [1, 0, 0, 0, 1, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0x29, 0x40]  // one section, edge 12.5
      + [3, 0, 0, 0, 3, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0x24, 0x40]  // population 3, three spikes, base 10
      + [0, 0, 0x80, 0x3E] + [0, 0, 0, 0] + [0, 0, 0xC0, 0x3F]  // 0.25, 0, 1.5 ms after it
      + [7, 0, 0, 0] + [0, 0, 0, 0] + [2, 1, 0, 0]
    #expect(Array(batch.message.readableBytesView) == expected)
  }

  @Test("A population without spikes takes no section") func emptySections() {
    var batch = SpikeBatch(edge: 1)
    batch.add(population: 0, times: [Double](), ids: [UInt32]())
    #expect(batch.message.readableBytes == 16)
    #expect(batch.spikes == 0 && batch.start == 1)
  }

  @Test("Batches in a row are one message with all their sections") func appending() {
    var both = SpikeBatch(edge: 5)
    both.add(population: 0, times: [4], ids: [1])
    var later = SpikeBatch(edge: 9)
    later.add(population: 1, times: [7, 8], ids: [2, 3])
    both.append(later)
    #expect(both.message.readableBytes == 16 + (16 + 8) + (16 + 16))
    #expect(both.spikes == 3 && both.edge == 9 && both.start == 4)
  }
}
