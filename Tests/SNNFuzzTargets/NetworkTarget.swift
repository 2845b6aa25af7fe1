import Foundation
import SNNDescription
import SNNSignals
import SNNSim

extension FuzzTarget {
  /// Bytes that a network may take here. Larger ones are refused as they would be on a machine with so much memory.
  private static let memory = 60e6

  /// Beside the network there are two files that it may name.
  private static let neighbours: Void = {
    let texts = [
      "flowers.csv": "length,width,class\n5.1,3.5,setosa\n6.2,2.9,virginica\n5.9,3.0,virginica\n4.9,3.1,setosa\n",
      "w.csv": "1\n2\n3\n4\n",
    ]
    for (name, text) in texts { try? text.write(toFile: Scratch.folder + "/" + name, atomically: false, encoding: .utf8) }
  }()

  /// The network file, up to where memory would be taken for it. What is accepted resolves to itself.
  static let network = FuzzTarget(name: "network") { bytes in
    _ = neighbours
    let url = URL(fileURLWithPath: Scratch.folder + "/net.json")
    func load(_ text: Data) throws -> LoadedNetwork {
      try LoadedNetwork(text, url, catalogue: .standard, environment: [:], available: memory)
    }
    do {
      let first = try load(Data(bytes))
      let again = try load(Data(first.resolvedText.utf8))
      precondition(again.resolvedText == first.resolvedText, "resolves to another network")
    } catch let errors as DescriptionErrors {
      precondition(!errors.description.isEmpty)
    } catch is GuardStop {
    } catch { fatalError("an error of type \(type(of: error)): \(error)") }
  }
}
