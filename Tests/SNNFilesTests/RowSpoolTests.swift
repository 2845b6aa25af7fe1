import Foundation
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNFiles

@Suite struct RowSpoolTests {
  private func spool(_ path: String, isContinued: Bool = false) throws -> RowSpool {
    let spool = try RowSpool(path: path, isContinued: isContinued)
    spool.add("ids", NPYArray([7, 8] as [UInt32]))
    _ = spool.add("times", .float64)
    _ = spool.add("v", .float64, rowShape: [2])
    return spool
  }
  private func append(_ row: Int, to spool: RowSpool) throws {
    spool.append([Double(row)], to: 1)
    spool.append([Double(row), -1], to: 2)
    try spool.commit()
  }

  @Test("A spool goes on from any moment of it, whatever was written later") func goesOn() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("s")
    let checkpoint: MemoryCheckpoint
    do {
      let spool = try spool(path)
      for row in 0..<5 { try append(row, to: spool) }
      checkpoint = try MemoryCheckpoint(Section(spool))
      for row in 90..<99 { try append(row, to: spool) }
      try spool.flush()
    }
    let continued = try spool(path, isContinued: true)
    try checkpoint.restore(Section(continued))
    for row in 5..<8 { try append(row, to: continued) }
    try continued.writeNPZ(to: directory.file("a.npz"))
    let file = try NPZFile(path: directory.file("a.npz"))
    #expect(file.names == ["ids", "times", "v"])
    #expect(try file.column("times") == (0..<8).map(Double.init))
    #expect(try file.array("v").doubles == (0..<8).flatMap { [Double($0), -1] })

    let once = try spool(directory.file("t"))
    for row in 0..<8 { try append(row, to: once) }
    try once.writeNPZ(to: directory.file("b.npz"))
    #expect(FileManager.default.contentsEqual(atPath: directory.file("a.npz"), andPath: directory.file("b.npz")))
  }

  @Test("Of a spool that was cut off anywhere, the rows that are whole can be read") func isReadable() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("s")
    let spool = try spool(path)
    for row in 0..<3 {
      try append(row, to: spool)
      try spool.flush()
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var counts: [Int] = []
    for length in 16...whole.count {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      let file = try RowSpoolFile(path: path)
      guard !file.names.isEmpty else { continue }
      let times = try file.column("times")
      #expect(try file.array("v").shape == [times.count, 2])
      counts.append(times.count)
    }
    #expect(counts == counts.sorted() && Set(counts) == [0, 1, 2, 3])
  }

  @Test("A spool that is too short for a checkpoint, or of other arrays, is refused") func refusesOthers() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("s")
    let first = try spool(path)
    try append(1, to: first)
    let checkpoint = try MemoryCheckpoint(Section(first))
    let other = try RowSpool(path: path, isContinued: true)
    _ = other.add("times", .float64)
    #expect(throws: CheckpointError.self) { try checkpoint.restore(Section(other)) }
    truncate(path, 20)
    #expect(throws: CheckpointError.self) { try checkpoint.restore(Section(try spool(path, isContinued: true))) }
  }

  /// A spool as a section of its own.
  private final class Section: Checkpointed {
    let spool: RowSpool
    init(_ spool: RowSpool) { self.spool = spool }
    func pass(through state: StateTransfer) throws { try state.section("rows") { try spool.pass(through: state) } }
  }
}
