import Foundation
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNFiles

/// Each format against files that another program wrote (`tools/fixtures/samples.py`) or that stand here byte by byte.
@Suite struct SampleFormatTests {
  private func idx(_ shape: [Int], _ bytes: [UInt8]) -> Data {
    Data([0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] } + bytes)
  }
  private func write(_ data: Data, _ directory: TemporaryDirectory, _ name: String) throws -> FieldValue {
    try data.write(to: URL(fileURLWithPath: directory.file(name)))
    return .path(directory.file(name))
  }

  // MARK: idx

  @Test("IDX: bytes and labels come out in their order, a second dimension may be time")
  func idx() throws {
    let directory = try TemporaryDirectory()
    let images = try write(idx([2, 3, 2], Array(0..<12)), directory, "images")
    let labels = try write(idx([2], [1, 0]), directory, "labels")
    let still = try IDXSamples.read(["images": images, "labels": labels])
    #expect(still.content == .bytes(Array(0..<12), scale: 1 / 255) && still.steps == 1 && still.features == 6)
    #expect(still.labels == [1, 0] && still.classNames == ["0", "1"])
    let moving = try IDXSamples.read(
      ["images": images, "labels": labels, "sequence": .boolean(true), "scale": .number(1), "classes": .integer(5)])
    #expect(moving.content == .bytes(Array(0..<12), scale: 1) && moving.steps == 3 && moving.features == 2 && moving.classes == 5)
  }

  @Test(
    "IDX: what is wrong is said before anything is made of it",
    arguments: [
      ([2], [1, 2], "none has the label 0"), ([3], [0, 1, 1], "3 labels for 2 samples"), ([2, 1], [0, 1], "one dimension"),
      ([2], [0, 200], "none has the label 1"),
    ] as [([Int], [UInt8], String)])
  func idxProblems(_ shape: [Int], _ labels: [UInt8], _ words: String) throws {
    let directory = try TemporaryDirectory()
    let images = try write(idx([2, 1, 2], [1, 2, 3, 4]), directory, "images")
    let file = try write(idx(shape, labels), directory, "labels")
    #expect(problem { try IDXSamples.read(["images": images, "labels": file]) }.contains(words))
    let short = problem { try IDXSamples.read(["images": images, "labels": file, "classes": .integer(1)]) }
    #expect(short.contains("out of range") || short.contains(words))
  }

  @Test("IDX: cut off, of another type, empty")
  func idxDamage() throws {
    let directory = try TemporaryDirectory()
    let labels = try write(idx([2], [0, 1]), directory, "labels")
    for (name, data, words) in [
      ("cut", idx([2, 1, 2], [1, 2, 3]), "3 bytes of data"), ("magic", Data([1, 0, 8, 1, 0, 0, 0, 0]), "no IDX file"),
      ("type", Data([0, 0, 0x0D, 1, 0, 0, 0, 0]), "type 13"), ("header", Data([0, 0, 8, 3, 0, 0]), "truncated"),
    ] {
      let images = try write(data, directory, name)
      #expect(problem { try IDXSamples.read(["images": images, "labels": labels]) }.contains(words))
    }
    let (images, none) = (try write(idx([0, 2], []), directory, "none"), try write(idx([0], []), directory, "nolabels"))
    #expect(problem { try IDXSamples.read(["images": images, "labels": none]) }.contains("holds no samples"))
  }

  // MARK: npz

  @Test("npz: the arrays of either part as NumPy wrote them; bytes become 0 … 1")
  func npz() throws {
    let path = FieldValue.path(fixture("samples/set.npz"))
    let train = try NPZSamples.read(["path": path, "split": .text("train")])
    #expect(train.content == .values([0, 0.2, 1, 0.4, 0, 0]) && train.features == 2 && train.labels == [0, 1, 1])
    let test = try NPZSamples.read(
      ["path": path, "split": .text("test"), "sequence": .boolean(true), "classes": .integer(2)])
    #expect(test.content == .values([1.5, -2, 0, 4]) && test.steps == 2 && test.features == 2 && test.labels == [1])
    #expect(problem { try NPZSamples.read(["path": path, "labels": .text("y_test")]) }.contains("3 samples"))
    #expect(problem { try NPZSamples.read(["path": path, "samples": .text("x_val")]) }.contains("no array \"x_val\""))
  }

  // MARK: csv

  @Test("csv: words become classes in their order, columns may be left out, every second line may be the test part")
  func csv() throws {
    let directory = try TemporaryDirectory()
    let path = FieldValue.path(try directory.write("a,who,class,b\n1,7,yes,10\n2,8,no,20\n3,9,yes,30\n", to: "t.csv"))
    let all = try CSVSamples.read(["path": path, "without": .names(["who"])])
    #expect(all.content == .values([1, 10, 2, 20, 3, 30]) && all.labels == [1, 0, 1] && all.classNames == ["no", "yes"])
    let part: [String: FieldValue] = ["path": path, "without": .names(["who"]), "test_every": .integer(2)]
    let test = try CSVSamples.read(part.merging(["split": .text("test")]) { $1 })
    #expect(test.content == .values([1, 10, 3, 30]) && test.labels == [1, 1] && test.classNames == ["no", "yes"])
    #expect(try CSVSamples.read(part.merging(["split": .text("train")]) { $1 }).labels == [0])
    let numbers = FieldValue.path(try directory.write("x,label\n1,10\n2,9\n", to: "n.csv"))
    #expect(try CSVSamples.read(["path": numbers]).classNames == ["9", "10"])
    let word = FieldValue.path(try directory.write("x,label\n1,a\ntwo,b\n", to: "w.csv"))
    #expect(problem { try CSVSamples.read(["path": word]) }.contains("w.csv:3"))
    #expect(problem { try CSVSamples.read(["path": word, "label": .text("kind")]) }.contains("no column \"kind\""))
    let empty = FieldValue.path(try directory.write("x,label\n", to: "e.csv"))
    #expect(problem { try CSVSamples.read(["path": empty]) }.contains("holds no samples"))
  }

  // MARK: shd

  @Test("SHD: sequences of half precision, sorted by time, in ms")
  func shd() throws {
    let path = FieldValue.path(fixture("samples/shd.h5"))
    let samples = try SHDSamples.read(["path": path])
    let first = [(250, 1), (250, 3), (500, 699)].map { SampleEvent(time: Float($0.0), channel: UInt32($0.1)) }
    #expect(samples.content == .events([first, [], [SampleEvent(time: 125, channel: 0)]]))
    #expect(samples.labels == [1, 0, 2] && samples.features == 700 && samples.steps == 0)
    #expect(problem { try SHDSamples.read(["path": path, "channels": .integer(699)]) }.contains("channel 699"))
    #expect(problem { try SHDSamples.read(["path": path, "classes": .integer(2)]) }.contains("out of range"))
    #expect(problem { try SHDSamples.read(["path": .path(fixture("sonata.h5"))]) }.contains("no /spikes/times"))
  }

  // MARK: sound

  @Test("wav_dir: the class is the first word, numbers below five are the test part")
  func sounds() throws {
    let path = FieldValue.path(fixture("samples/sounds"))
    let test = try WAVSamples.read(["path": path, "split": .text("test"), "test_below": .integer(5)])
    #expect(test.content == .waves([[0, 0.5, -1], [-0.5, -0.5]], rate: 8000) && test.labels == [0, 1])
    let train = try WAVSamples.read(["path": path, "split": .text("train"), "test_below": .integer(5)])
    #expect(train.labels == [0, 1] && train.classNames == ["no", "yes"])
    let another = problem { try WAVSamples.read(["path": path, "rate": .number(16000)]) }
    #expect(another.contains("8000 samples a second") && another.contains("16000"))
  }

  @Test("WAV: truncated, stereo, of other widths")
  func wav() throws {
    let directory = try TemporaryDirectory()
    let good = try Data(contentsOf: URL(fileURLWithPath: fixture("samples/sounds/no_ada_0.wav")))
    func changed(_ places: [(Int, UInt8)]) -> Data {
      var data = good
      for (place, byte) in places { data[place] = byte }
      return data
    }
    for (name, data, words) in [
      ("cut", good.prefix(good.count - 2), "truncated"), ("stereo", changed([(22, 2)]), "2 channels"),
      ("bytes", changed([(34, 8)]), "8 bits"), ("float", changed([(20, 3)]), "format 3"),
      ("short", good.prefix(8), "no WAV file"),
      ("bare", good.prefix(36), "no sound data"),
    ] {
      let path = directory.file(name)
      try data.write(to: URL(fileURLWithPath: path))
      #expect(problem { try WAVFile(path: path) }.contains(words), "\(name)")
    }
  }

  // MARK: events

  @Test("event_dir: five bytes an event, in one folder for each class or with a list")
  func events() throws {
    let directory = try TemporaryDirectory()
    for folder in ["0", "1"] {
      try FileManager.default.createDirectory(atPath: directory.file(folder), withIntermediateDirectories: true)
    }
    // x 33, y 2, ON, 65,536 + 256 + 1 µs; then OFF at 3 µs.
    _ = try write(Data([33, 2, 0x81, 1, 1, 0, 0, 0, 0, 3]), directory, "1/00002.bin")
    _ = try write(Data(), directory, "0/00001.bin")
    let samples = try EventSamples.read(["path": .path(directory.path)])
    let expected = [SampleEvent(time: 0.003, channel: 0), SampleEvent(time: 65.793, channel: UInt32((34 + 2) * 34 + 33))]
    #expect(samples.content == .events([[], expected]) && samples.labels == [0, 1] && samples.features == 2312)
    _ = try write(Data([0, 0, 0, 0, 1]), directory, "7.bs2")
    _ = try directory.write("7\t3\n", to: "list.txt")
    let listed: [String: FieldValue] = ["path": .path(directory.path), "labels": .path(directory.file("list.txt"))]
    #expect(try EventSamples.read(listed.merging(["classes": .integer(10)]) { $1 }).labels == [3])
    #expect(problem { try EventSamples.read(listed.merging(["classes": .integer(3)]) { $1 }) }.contains("out of range"))
    _ = try directory.write("7\t0\n8\t1\n", to: "list.txt")
    #expect(problem { try EventSamples.read(listed) }.contains("list.txt:2"))
    _ = try write(Data([34, 0, 0, 0, 1]), directory, "7.bs2")
    _ = try directory.write("7\t0\n", to: "list.txt")
    #expect(problem { try EventSamples.read(listed) }.contains("outside the sensor"))
    _ = try write(Data([1, 0, 0, 0]), directory, "7.bs2")
    #expect(problem { try EventSamples.read(listed) }.contains("truncated"))
  }
}
