import ArgumentParser
import Foundation
import SNNDescription
import SNNFiles
import SNNKernel
import SNNSignals
import SNNSim
import SNNStream
import SNNTraining

/// The exit codes that scripts may rely on.
enum ExitStatus {
  static let failed = ExitCode(1)
  static let invalid = ExitCode(2)
  static let guarded = ExitCode(3)
  static let cannotWrite = ExitCode(74)
  static let interrupted = ExitCode(130)
}

/// Writes a line to standard error, where everything but results goes. Nobody may be there to read it.
func complain(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }

/// Writes a line to standard output, where results go.
/// - Throws: `FileError` when it can't be written: the other end of a pipe has gone, or the disk is full.
func deliver(_ text: String) throws {
  do { try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8)) } catch {
    throw FileError(.write, "standard output", "cannot be written")
  }
}

/// Runs `body`, turning each kind of error into its message and exit code.
func reporting<T>(_ body: () throws -> T) throws -> T {
  do {
    return try body()
  } catch let errors as DescriptionErrors {
    complain(errors.description)
    let count = errors.errors.count
    complain("\(count) error\(count == 1 ? "" : "s"); nothing was run")
    throw ExitStatus.invalid
  } catch let stop as GuardStop {
    complain("stopped: \(stop)")
    throw ExitStatus.guarded
  } catch let training as NonFiniteTraining {
    complain("stopped: \(training)")
    throw ExitStatus.guarded
  } catch let state as NonFiniteState {
    let value = state.value.isNaN ? "not a number" : "\(state.value)"
    complain(
      "stopped: \(state.variable) of neuron \(state.neuron) in population \"\(state.population)\" became \(value) "
        + "at or before \(state.time.milliseconds) ms\n  hint: look at its parameters and inputs; a smaller resolution may help")
    throw ExitStatus.guarded
  } catch let error as FileError {
    complain("\(error)")
    throw error.operation == .write ? ExitStatus.cannotWrite : ExitStatus.invalid
  } catch let error as CheckpointError {
    complain("\(error)\n  hint: the run may be of another version of snnsim, or its network of another structure")
    throw ExitStatus.invalid
  } catch let error as StreamError {
    complain("\(error)")
    switch error.cause {
    case .connection: throw ExitStatus.failed
    case .input: throw ExitStatus.invalid
    case .output: throw ExitStatus.cannotWrite
    }
  } catch let code as ExitCode {
    throw code
  } catch {
    complain("\(error)")
    throw ExitStatus.failed
  }
}

/// A table of text with aligned columns; numbers to the right.
func aligned(_ rows: [[String]], rightFrom: Int = 1) -> String {
  let widths = (rows.first ?? []).indices.map { c in rows.map { $0[c].count }.max() ?? 0 }
  return rows.map { row in
    var line = ""
    for (c, cell) in row.enumerated() {
      let pad = String(repeating: " ", count: widths[c] - cell.count)
      line += (c == 0 ? "  " : "  ") + (c >= rightFrom ? pad + cell : cell + pad)
    }
    return String(line.reversed().drop { $0 == " " }.reversed())
  }.joined(separator: "\n")
}
