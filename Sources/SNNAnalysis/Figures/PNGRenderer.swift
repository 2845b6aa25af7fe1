import Foundation

/// Makes PNG of SVG with librsvg's `rsvg-convert`, which runs as a process of its own.
public struct PNGRenderer: Sendable {
  /// Name or path of the program.
  public var program: String
  /// Pixels per inch: 300 is what journals ask for.
  public var resolution: Int

  public init(program: String = "rsvg-convert", resolution: Int = 300) {
    self.program = program
    self.resolution = resolution
  }

  /// The picture as PNG, on white.
  ///
  /// - Throws: ``AnalysisError`` when the program is missing or refuses the document.
  public func png(svg: String) throws(AnalysisError) -> Data {
    guard let executable else {
      throw AnalysisError(
        subject: program, problem: "is not installed, so no PNG can be made",
        hint: "install it (Debian and Ubuntu: librsvg2-bin), or write .svg instead")
    }
    let source = FileManager.default.temporaryDirectory.appendingPathComponent("snnsim-\(UUID().uuidString).svg")
    defer { try? FileManager.default.removeItem(at: source) }
    let process = Process()
    let (output, complaints) = (Pipe(), Pipe())
    process.executableURL = executable
    process.arguments = [
      "--format", "png", "--dpi-x", "\(resolution)", "--dpi-y", "\(resolution)", "--background-color", "white", source.path,
    ]
    process.standardOutput = output
    process.standardError = complaints
    let picture: Data
    do {
      try Data(svg.utf8).write(to: source)
      try process.run()
      picture = output.fileHandleForReading.readDataToEndOfFile()
    } catch {
      throw AnalysisError(subject: program, problem: "could not be run: \(error.localizedDescription)")
    }
    let message = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0, !picture.isEmpty else {
      throw AnalysisError(subject: program, problem: "ended with status \(process.terminationStatus): \(message)")
    }
    return picture
  }

  /// Where the program is: as given when that is a path, otherwise the first in `PATH`.
  private var executable: URL? {
    let folders =
      program.contains("/") ? [""] : (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { $0 + "/" }
    return folders.map { $0 + program }.first { FileManager.default.isExecutableFile(atPath: $0) }.map {
      URL(fileURLWithPath: $0)
    }
  }
}
