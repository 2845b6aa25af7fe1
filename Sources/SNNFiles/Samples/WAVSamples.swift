import Foundation
import SNNSignals

/// A folder of sound files.
enum WAVSamples: SampleFormat {
  static let name = "wav_dir"
  static let summary = "A folder of 16-bit mono WAV files named <class>_<anything>_<number>.wav."
  static let layout = """
    <path>/*.wav, or <path>/recordings/*.wav; the class is what stands before the first "_"
    the test part are the numbers below `test_below`, the training part the others
    """
  static let source = "Jackson et al., Free Spoken Digit Dataset, doi:10.5281/zenodo.1342401"
  static let fields = [
    SampleFields.folder, SampleFields.split,
    FieldDescription("test_below", .integer, default: .number(5), .nonNegative, "numbers below are of the test part"),
    FieldDescription(
      "rate", .scalar, .Hz, default: .absent, .positive, "that all files must have; that of the first unless given"),
  ]

  static func read(_ fields: [String: FieldValue]) throws -> LabelledSamples {
    let given = fields.text("path") ?? ""
    let folder = FileManager.default.fileExists(atPath: given + "/recordings") ? given + "/recordings" : given
    let names = try fileNames(in: folder, endings: [".wav", ".WAV"])
    guard !names.isEmpty else {
      throw FileError.read(folder, "holds no .wav files", hint: "an archive must be unpacked: tar -xf fsdd.tar.xz")
    }
    let (isTest, below) = (fields.text("split") == "test", fields.integer("test_below") ?? 5)
    var chosen: [(name: String, word: String)] = []
    var words: [String] = []
    for name in names {
      let parts = name.dropLast(4).split(separator: "_", omittingEmptySubsequences: false)
      guard parts.count >= 2, let number = Int(parts.last!) else {
        throw FileError.read("\(folder)/\(name)", "is not named <class>_…_<number>.wav")
      }
      words.append(String(parts[0]))
      if (number < below) == isTest { chosen.append((name, String(parts[0]))) }
    }
    guard !chosen.isEmpty else {
      throw FileError.read(folder, "has no files of the \(isTest ? "test" : "training") part", hint: "see \"test_below\"")
    }
    // Classes are those of both parts, so that they mean the same in each.
    let classNames = try checkedLabels(words: words, path: folder).names
    var rate = fields.number("rate")
    let waves = try chosen.map { name, _ in
      let path = "\(folder)/\(name)"
      let wave = try WAVFile(path: path)
      if let rate, wave.rate != rate {
        throw FileError.read(
          path, "has \(numberText(wave.rate)) samples a second, the others have \(numberText(rate))",
          hint: "all files of a folder have one rate; \"rate\" says which")
      }
      rate = wave.rate
      return wave.samples
    }
    return LabelledSamples(
      .waves(waves, rate: rate ?? 0), steps: 0, features: 1, labels: chosen.map { classNames.firstIndex(of: $0.word)! },
      classNames: classNames)
  }
}

/// The names of the files with these endings in a folder, in alphabetical order.
func fileNames(in folder: String, endings: [String]) throws -> [String] {
  guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
    throw FileError.read(folder, "is not a folder that can be read")
  }
  return names.filter { name in endings.contains { name.hasSuffix($0) } }.sorted()
}
