/// Why a benchmark could not be run; each says what to do.
public enum BenchError: Error, CustomStringConvertible, Equatable {
  case noPackage(searched: [String])
  case failed(command: String, status: Int32, output: String)
  case unreadable(command: String, output: String)

  public var description: String {
    switch self {
    case .noPackage(let searched):
      "networks/ and tools/peers/ were not found in or above \(searched.joined(separator: " or "))\n"
        + "  hint: run snnsim bench from the folder of the package"
    case .failed(let command, let status, let output):
      "\(command) ended with status \(status)\n\(output)"
    case .unreadable(let command, let output):
      "\(command) answered with what is not its JSON object: \(output.prefix(400))"
    }
  }
}
