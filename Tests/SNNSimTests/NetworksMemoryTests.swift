import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// The hippocampal memory of Casanueva-Morato et al. against what its authors recorded on SpiNNaker.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct NetworksMemoryTests {
  /// One operation from `time` on (ms): cues and bits of contents that are held for 3 ms to learn, or shown once to recall.
  private struct Operation {
    var time: Int
    var cues: Set<Int> = []
    var bits: Set<Int> = []
    var isLearning: Bool { !cues.isEmpty && !bits.isEmpty }

    /// Spikes of the inputs.
    var moments: [Int] { isLearning ? [time, time + 1, time + 2] : [time] }
  }
  /// What the output layer shows in one millisecond.
  private struct Row: Equatable { var cues: Set<Int> = [], bits: Set<Int> = [] }

  /// The spikes of the output layer by time.
  private func output(_ operations: [Operation], cues: Int, bits: Int, duration: Int) throws -> [Int: Row] {
    let directory = try TemporaryDirectory()
    func train(_ part: (Operation) -> Set<Int>, _ name: String) -> [String] {
      let spikes = operations.flatMap { operation in
        operation.moments.flatMap { time in part(operation).map { (time: time, id: $0) } }
      }.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
      return [
        "--set", "inputs.\(name).times=\(spikes.map(\.time))", "--set", "inputs.\(name).ids=\(spikes.map(\.id))",
      ]
    }
    let run = try SnnsimProcess.run(
      ["run", networkPath("CasanuevaMorato2022"), "--quiet", "--output", directory.file("out"), "--duration", "\(duration)"]
        + ["--set", "parameters.n=\(cues)", "--set", "parameters.m=\(bits)"] + train(\.cues, "cue") + train(\.bits, "content"))
    try #require(run.code == 0, Comment(rawValue: run.stderr))
    var rows: [Int: Row] = [:]
    let spikes = directory.file("out/spikes.h5")
    let (cueSpikes, bitSpikes) = (
      try SpikeTable.read(path: spikes, population: "OutCue"), try SpikeTable.read(path: spikes, population: "OutCont")
    )
    for (time, id) in zip(cueSpikes.times, cueSpikes.ids) { rows[Int(time.rounded()), default: Row()].cues.insert(Int(id)) }
    for (time, id) in zip(bitSpikes.times, bitSpikes.ids) { rows[Int(time.rounded()), default: Row()].bits.insert(Int(id)) }
    return rows
  }

  @Test("Learning, recall by cue, recall by content and relearning show the authors' recorded spikes to the millisecond")
  func recordedOperations() throws {
    let operations = [
      Operation(time: 0, cues: [0], bits: [0, 1, 8, 9]), Operation(time: 10, cues: [4], bits: [1, 5, 6]),
      Operation(time: 20, cues: [3], bits: [4, 5, 6]), Operation(time: 30, cues: [0]), Operation(time: 40, bits: [6]),
      Operation(time: 50, bits: [0, 4]), Operation(time: 60, cues: [3], bits: [1, 3, 4, 8]), Operation(time: 70, cues: [3]),
      Operation(time: 80, bits: [6]),
    ]
    let expected: [Int: Row] = [
      5: Row(cues: [0], bits: [0, 1, 8, 9]), 7: Row(cues: [0], bits: [0, 1, 8, 9]),
      15: Row(cues: [4], bits: [1, 5, 6]), 17: Row(cues: [4], bits: [1, 5, 6]),
      25: Row(cues: [3], bits: [4, 5, 6]), 27: Row(cues: [3], bits: [4, 5, 6]),
      35: Row(cues: [0]), 36: Row(bits: [0, 1, 8, 9]),
      45: Row(bits: [6]), 46: Row(cues: [3, 4]),
      55: Row(bits: [0, 4]), 56: Row(cues: [0, 3]),
      65: Row(cues: [3], bits: [1, 3, 4, 8]), 66: Row(bits: [5, 6]), 67: Row(cues: [3], bits: [1, 3, 4, 8]),
      75: Row(cues: [3]), 76: Row(bits: [1, 3, 4, 8]),
      85: Row(bits: [6]), 86: Row(cues: [4]),
    ]
    let seen = try output(operations, cues: 5, bits: 10, duration: 90)
    #expect(seen == expected)
    // The file's own inputs are these operations.
    let directory = try TemporaryDirectory()
    let run = try SnnsimProcess.run("run", networkPath("CasanuevaMorato2022"), "--quiet", "--output", directory.file("out"))
    try #require(run.code == 0, Comment(rawValue: run.stderr))
    let bits = try SpikeTable.read(path: directory.file("out/spikes.h5"), population: "OutCont")
    #expect(bits.times.count == expected.values.reduce(0) { $0 + $1.bits.count })
  }

  @Test("All 60 operations of the authors' stress test recall exactly what was learned last")
  func stress() throws {
    var operations: [Operation] = []
    var expected: [(time: Int, row: Row)] = []
    var time = 1
    func add(cues: Set<Int> = [], bits: Set<Int> = [], _ first: Row? = nil, _ second: Row? = nil) {
      operations.append(Operation(time: time, cues: cues, bits: bits))
      if let first { expected.append((time + 5, first)) }
      if let second { expected.append((time + 6, second)) }
      time += 14
    }
    for round in 0..<3 {
      let contents = (0..<5).map { cue in
        Set((0..<10).filter { ((cue + 1) >> $0 & 1 == 1) != (round == 1) })
      }
      for (cue, bits) in contents.enumerated() { add(cues: [cue], bits: bits, Row(cues: [cue], bits: bits)) }
      for (cue, bits) in contents.enumerated() { add(cues: [cue], Row(cues: [cue]), Row(bits: bits)) }
      for bit in 0..<10 {
        let holders = Set((0..<5).filter { contents[$0].contains(bit) })
        add(bits: [bit], Row(bits: [bit]), Row(cues: holders))
      }
    }
    let seen = try output(operations, cues: 5, bits: 10, duration: 851)
    for (time, row) in expected { #expect(seen[time, default: Row()] == row, "\(time) ms") }
    #expect(operations.count == 60)
  }

  @Test("A map of 16 cells learned cell by cell answers which cells hold given states")
  func map() throws {
    let states = [0, 5, 1, 3, 0, 3, 4, 5, 0, 5, 4, 3, 2, 4, 4, 3]
    let learning = states.enumerated().map { Operation(time: 7 * $0.offset, cues: [$0.offset], bits: [$0.element]) }
    let queries: [(time: Int, bits: Set<Int>, cues: Set<Int>)] = [
      (112, [1, 2, 4], [2, 6, 10, 12, 13, 14]), (118, [3], [3, 5, 11, 15]), (124, [5], [1, 7, 9]), (130, [0], [0, 4, 8]),
    ]
    let seen = try output(
      learning + queries.map { Operation(time: $0.time, bits: $0.bits) }, cues: 16, bits: 6, duration: 145)
    for query in queries { #expect(seen[query.time + 6] == Row(cues: query.cues), "\(query.time) ms") }
  }
}
