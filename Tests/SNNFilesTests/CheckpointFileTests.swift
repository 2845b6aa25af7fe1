import Foundation
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNFiles

@Suite struct CheckpointFileTests {
  /// Some values in two sections.
  private final class Values: Checkpointed {
    var numbers: [Double] = []
    var name = ""
    var isOpen = false

    init(_ numbers: [Double] = [], _ name: String = "", _ isOpen: Bool = false) {
      (self.numbers, self.name, self.isOpen) = (numbers, name, isOpen)
    }

    func pass(through state: StateTransfer) throws {
      try state.section("numbers") { try state.list(&numbers) }
      try state.section("words", version: 2) {
        try state.text(&name)
        try state.flag(&isOpen)
      }
    }
  }

  private func restored(_ path: String) throws -> Values {
    let values = Values()
    try values.pass(through: StateTransfer(restoringFrom: try CheckpointFile(path: path)))
    return values
  }

  @Test("What was passed comes back") func comesBack() throws {
    let directory = try TemporaryDirectory()
    let folder = CheckpointFolder(path: directory.file("c"), kept: 2)
    let values = Values([1.5, -.infinity, .nan], "Zürich", true)
    let number = try folder.write { try values.pass(through: $0) }
    try folder.wait()
    let back = try restored(CheckpointFolder.file(number, in: folder.path))
    #expect(back.numbers.map(\.bitPattern) == values.numbers.map(\.bitPattern))
    #expect(back.name == "Zürich" && back.isOpen)
    let file = try CheckpointFile(path: CheckpointFolder.file(number, in: folder.path))
    #expect(file.sectionNames == ["numbers", "words"])
    #expect(try file.section("words").version == 2)
  }

  @Test("The newest are kept, and numbers go on where another process ended") func keepsNewest() throws {
    let directory = try TemporaryDirectory()
    for _ in 0..<2 {
      let folder = CheckpointFolder(path: directory.file("c"), kept: 2)
      for _ in 0..<3 { try folder.write { try Values([1]).pass(through: $0) } }
      try folder.wait()
    }
    #expect(CheckpointFolder.numbers(in: directory.file("c")) == [5, 6])
    CheckpointFolder.clear(directory.file("c"), after: 5)
    #expect(CheckpointFolder.numbers(in: directory.file("c")) == [5])
  }

  @Test("A checkpoint that fails on the way leaves nothing") func failureLeavesNothing() throws {
    struct Refusal: Error {}
    let directory = try TemporaryDirectory()
    let folder = CheckpointFolder(path: directory.file("c"), kept: 2)
    #expect(throws: Refusal.self) {
      try folder.write { state in
        try Values([1]).pass(through: state)
        throw Refusal()
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.file("c")).isEmpty)
  }

  @Test("A file cut off anywhere, or with any byte changed, is refused") func refusesDamage() throws {
    let directory = try TemporaryDirectory()
    let folder = CheckpointFolder(path: directory.file("c"), kept: 2)
    try folder.write { try Values([1, 2, 3], "abc").pass(through: $0) }
    try folder.wait()
    let path = CheckpointFolder.file(1, in: folder.path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for length in 0..<whole.count {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: FileError.self, "\(length) bytes") { try CheckpointFile(path: path) }
    }
    for place in whole.indices {
      var damaged = whole
      damaged[place] ^= 0x10
      try damaged.write(to: URL(fileURLWithPath: path))
      #expect(throws: FileError.self, "byte \(place)") { try CheckpointFile(path: path) }
    }
  }
}
