import Foundation
import Testing

@testable import SNNStream

@Suite struct StreamRingTests {
  private func record(_ number: Int) -> StreamRing.Record {
    StreamRing.Record(topic: Int32(number), rows: 0, bytes: 0, start: 0, end: Int64(number), wall: 0, dropped: 0)
  }

  @Test("Records of any length come out as they went in, in order, from another thread") func handsOver() {
    let ring = StreamRing(capacity: 1 << 12)
    let count = 20_000
    // What each record holds follows from its number.
    @Sendable func content(_ number: Int) -> [UInt8] {
      (0..<number * 7919 % 1500).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
    }
    let thread = Thread {
      for number in 0..<count {
        let bytes = content(number)
        let cut = bytes.count / 3
        bytes.withUnsafeBytes { all in
          let (a, b) = (UnsafeRawBufferPointer(rebasing: all[..<cut]), UnsafeRawBufferPointer(rebasing: all[cut...]))
          while !ring.write(record(number), a, b) { sched_yield() }
        }
      }
    }
    thread.start()
    var scratch: [UInt8] = []
    var number = 0
    var wrong = 0
    while number < count {
      guard let found = ring.next(into: &scratch) else {
        sched_yield()
        continue
      }
      if found.topic != Int32(number) || Array(scratch[..<found.bytes]) != content(number) { wrong += 1 }
      number += 1
    }
    #expect(wrong == 0)
  }

  @Test("Without room nothing is written and nothing is overwritten") func refusesWhenFull() {
    let ring = StreamRing(capacity: 1 << 10)
    let bytes = [UInt8](repeating: 7, count: 100)
    var written = 0
    while bytes.withUnsafeBytes({ ring.write(record(written), $0) }) { written += 1 }
    #expect(written == 1024 / (100 + MemoryLayout<StreamRing.Record>.size))
    var scratch: [UInt8] = []
    for number in 0..<written { #expect(ring.next(into: &scratch)?.topic == Int32(number)) }
    #expect(ring.next(into: &scratch) == nil)
    #expect(bytes.withUnsafeBytes { ring.write(record(0), $0) })
    #expect(!ring.canHold(1024) && ring.canHold(900))
  }
}
