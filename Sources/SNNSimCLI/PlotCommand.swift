import ArgumentParser
import Foundation
import SNNAnalysis
import SNNFiles
import SNNSim

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draws a figure of a results directory as SVG, or as PNG with -o x.png.")

  @Argument(help: ArgumentHelp("Results directory.", valueName: "DIR"))
  var directory: String

  @Argument(help: ArgumentHelp("raster (with rates below), rates, isi, traces, weights, delays or training.", valueName: "KIND"))
  var kind: FigureKind

  @Option(name: .shortAndLong, help: ArgumentHelp("File to write; DIR/figures/KIND.svg unless given.", valueName: "x.svg|x.png"))
  var output: String?

  @Flag(help: "Replace the file if it exists.")
  var force = false

  func run() throws {
    try reporting {
      let svg = try RecordedRun(path: directory).figure(kind)
      let path = output ?? directory + "/figures/\(kind.rawValue).svg"
      if output != nil && !force && FileManager.default.fileExists(atPath: path) {
        throw FileError(.write, path, "exists already", hint: "--force replaces it")
      }
      if output == nil {
        do {
          try FileManager.default.createDirectory(atPath: directory + "/figures", withIntermediateDirectories: true)
        } catch {
          throw FileError(.write, directory + "/figures", "cannot be made as a directory")
        }
      }
      if path.lowercased().hasSuffix(".png") {
        try AtomicFile.write([UInt8](PNGRenderer().png(svg: svg)), to: path)
      } else {
        try AtomicFile.write(svg, to: path)
      }
      print(path)
    }
  }
}

extension FigureKind: ExpressibleByArgument {}
