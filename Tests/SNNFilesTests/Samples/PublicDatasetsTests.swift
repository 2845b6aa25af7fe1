import Foundation
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNFiles

/// The public data sets as their authors describe them.
@Suite struct PublicDatasetsTests {
  @Test(
    "MNIST's test part: 10,000 images, the first a seven, with the published counts of each digit",
    .enabled(if: Datasets.path("mnist") != nil, Comment(rawValue: Datasets.missing("mnist"))))
  func mnist() throws {
    let folder = try #require(Datasets.path("mnist"))
    let samples = try IDXSamples.read([
      "images": .path(folder + "/t10k-images-idx3-ubyte.gz"), "labels": .path(folder + "/t10k-labels-idx1-ubyte.gz"),
    ])
    #expect(samples.count == 10_000 && samples.features == 784 && samples.classes == 10)
    #expect(Array(samples.labels.prefix(5)) == [7, 2, 1, 0, 4])
    let counts = (0..<10).map { digit in samples.labels.count { $0 == digit } }
    #expect(counts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  }

  @Test(
    "Braille letters: 1,158 samples of 256 steps of 12 taxels, 804,817 spikes",
    .enabled(if: Datasets.path("braille") != nil, Comment(rawValue: Datasets.missing("braille"))))
  func braille() throws {
    let folder = try #require(Datasets.path("braille"))
    let samples = try IDXSamples.read([
      "images": .path(folder + "/braille7-spikes-idx3-ubyte.gz"), "labels": .path(folder + "/braille7-labels-idx1-ubyte.gz"),
      "sequence": .boolean(true), "scale": .number(1),
    ])
    #expect(samples.count == 1158 && samples.steps == 256 && samples.features == 12 && samples.classes == 7)
    guard case .bytes(let bytes, _) = samples.content else { return #expect(Bool(false), "bytes") }
    #expect(bytes.reduce(0) { $0 + Int($1) } == 804_817)
  }

  @Test(
    "N-MNIST's subset: 1,100 recordings with 4,518,827 events",
    .enabled(if: Datasets.path("nmnist-small") != nil, Comment(rawValue: Datasets.missing("nmnist-small"))))
  func nmnist() throws {
    let folder = try unpacked("nmnist-small", "nmnist-small.tar.xz")
    defer { withExtendedLifetime(folder.directory) {} }
    var events = 0
    for (list, count) in [("train1K.txt", 1000), ("test100.txt", 100)] {
      let samples = try EventSamples.read([
        "path": .path(folder.path), "labels": .path(folder.path + "/" + list), "classes": .integer(10),
      ])
      guard case .events(let lists) = samples.content else { return #expect(Bool(false), "events") }
      #expect(lists.count == count && lists.allSatisfy { (1069...7152).contains($0.count) })
      events += lists.reduce(0) { $0 + $1.count }
    }
    #expect(events == 4_518_827)
  }

  @Test(
    "Spoken digits: 2,700 recordings to train and 300 to test, 1,312 s at 8 kHz",
    .enabled(if: Datasets.path("fsdd") != nil, Comment(rawValue: Datasets.missing("fsdd"))))
  func digits() throws {
    let folder = try unpacked("fsdd", "fsdd.tar.xz")
    defer { withExtendedLifetime(folder.directory) {} }
    var seconds = 0.0
    for (split, count) in [("train", 2700), ("test", 300)] {
      let samples = try WAVSamples.read(["path": .path(folder.path), "split": .text(split)])
      guard case .waves(let waves, let rate) = samples.content else { return #expect(Bool(false), "sound") }
      #expect(rate == 8000 && samples.count == count && samples.classNames == (0..<10).map(String.init))
      #expect((0..<10).allSatisfy { digit in samples.labels.count { $0 == digit } == count / 10 })
      seconds += Double(waves.reduce(0) { $0 + $1.count }) / rate
    }
    #expect(abs(seconds - 1312) < 1)
  }

  /// A data set that may be packed.
  private func unpacked(_ name: String, _ archive: String) throws -> (path: String, directory: TemporaryDirectory?) {
    let folder = try #require(Datasets.path(name))
    guard FileManager.default.fileExists(atPath: folder + "/" + archive) else { return (folder, nil) }
    let directory = try TemporaryDirectory()
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = ["tar", "-xf", folder + "/" + archive, "-C", directory.path]
    try tar.run()
    tar.waitUntilExit()
    try #require(tar.terminationStatus == 0)
    return (directory.file(name), directory)
  }
}
