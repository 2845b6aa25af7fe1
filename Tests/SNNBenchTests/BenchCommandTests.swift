import Foundation
import SNNTestSupport
import Testing

@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct BenchCommandTests {
  @Test("bench roofline --json is one object of positive rates")
  func roofline() throws {
    let outcome = try SnnsimProcess.run("bench", "roofline", "--json")
    #expect(outcome.code == 0)
    let object = try #require(outcome.object)
    #expect(object.count == 6)
    for (name, value) in object { #expect((value as? Double).map { $0 > 0 } ?? false, "\(name)") }
  }

  @Test("An unknown benchmark is wrong usage and names those there are")
  func unknown() throws {
    let outcome = try SnnsimProcess.run("bench", "nosuch")
    #expect(outcome.code == 64)
    for name in ["brunel", "cuba", "coba", "microcircuit", "sparse", "plasticity", "roofline", "all"] {
      #expect(outcome.stderr.contains(name))
    }
    #expect(outcome.stdout.isEmpty)
  }

  @Test("Peer and snnsim take turns on one network; the peer's figures are medians of what a stub said")
  func stub() throws {
    let directory = try TemporaryDirectory()
    try FileManager.default.createDirectory(atPath: directory.file("bin"), withIntermediateDirectories: true)
    // Asked first for the bare network, then takes 7, 3 and 5 s, as it says; answers after some chatter.
    let script = """
      #!/bin/sh
      here=$(dirname "$0")
      echo "$@" >> "$here/calls.txt"
      cat > "$here/request.json"
      case $(wc -l < "$here/calls.txt") in 1) s=100;; 2) s=7;; 3) s=3;; *) s=5;; esac
      echo "chatter"
      echo "{\\"version\\": \\"Stub 1\\", \\"build_s\\": 1, \\"simulate_s\\": $s, \\"peak_rss_mb\\": 10, \\"spikes\\": 1, \
      \\"synapses\\": 2, \\"synaptic_events\\": 3, \\"rates_hz\\": {\\"E\\": 1, \\"I\\": 2}}"
      """
    let python = try directory.write(script, to: "bin/python")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
    let outcome = try SnnsimProcess.run(
      ["bench", "cuba", "--pairs", "3", "--threads", "1", "--peers", "brian2", "--duration", "60", "--json"],
      in: SnnsimProcess.root.path, environment: ["SNNSIM_PEERS": directory.path])
    #expect(outcome.code == 0, "\(outcome.stderr)")
    let benchmark = try #require((outcome.object?["benchmarks"] as? [[String: Any]])?.first)
    let threads = try #require((benchmark["threads"] as? [[String: Any]])?.first)
    #expect(threads["runs"] as? Int == 3)
    let peer = try #require((threads["peers"] as? [[String: Any]])?.first)
    #expect(peer["version"] as? String == "Stub 1")
    #expect(peer["simulate_s"] as? Double == 5)
    #expect(peer["pairs_that_agree"] as? Int == 0)  // the stub's single spike
    let calls = try String(contentsOfFile: directory.file("bin/calls.txt"), encoding: .utf8).split(separator: "\n")
    #expect(calls.count == 4)
    #expect(calls.allSatisfy { $0.hasSuffix("tools/peers/peer.py --simulator brian2") })
    let request = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: directory.file("bin/request.json"))))
        as? [String: Any])
    #expect(request["seed"] as? Int == 3)
    #expect(request["duration"] as? Double == 60)
    #expect((request["resolved"] as? [String: Any])?["name"] as? String == "VogelsAbbott2005_CUBA")
  }

  @Test("A peer that fails ends the benchmark with its own last words")
  func failing() throws {
    let directory = try TemporaryDirectory()
    try FileManager.default.createDirectory(atPath: directory.file("bin"), withIntermediateDirectories: true)
    let python = try directory.write("#!/bin/sh\necho 'no module named nest' >&2\nexit 3\n", to: "bin/python")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
    let outcome = try SnnsimProcess.run(
      ["bench", "cuba", "--pairs", "1", "--threads", "1", "--peers", "nest", "--duration", "20"],
      in: SnnsimProcess.root.path, environment: ["SNNSIM_PEERS": directory.path])
    #expect(outcome.code == 1)
    #expect(outcome.stderr.contains("no module named nest"))
  }
}
