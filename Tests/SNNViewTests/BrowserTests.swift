import Foundation
import SNNTestSupport
import Testing

@Suite struct BrowserTests {
  private static let folder = SnnsimProcess.root.path + "/Tests/SNNViewTests/Browser"
  private static let canRun =
    SnnsimProcess.isBuilt && Python.has("numpy", "zmq")
    && FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")

  /// What `viewer.py` saw.
  private struct Seen: Decodable {
    var state_before, state_text, stranger, other: String
    var pixels, pixels_held, spikes_while_paused, skipped, sent, counted, lost: Int
    var again_sent, again_counted, again_other: Int
    var weights: [String: Int]
    var frames_per_second, spikes_per_second, drawing_ms, factor: Double
    var dropped_frames: Int
    var requests, problems: [String]
    var following, stopped, stop_asks_once: Bool
    var handshakes: [Int]
    var exit: Int
  }

  @Test(
    "The page draws 100,000 spikes a second in Chromium, pauses, survives the end of the run and shows the next one",
    .enabled(if: canRun, "needs the release binary, Chromium, and numpy and pyzmq in .venv"))
  func chromium() throws {
    let text = try Python.run(
      """
      import sys, json
      sys.dont_write_bytecode = True
      sys.path.insert(0, sys.argv[1])
      import viewer
      print(json.dumps(viewer.main(sys.argv[2])))
      """,
      Self.folder, SnnsimProcess.binary)
    let seen = try JSONDecoder().decode(Seen.self, from: Data(text.utf8))
    #expect(seen.problems == [])
    #expect(seen.state_before == "waiting")
    // A raster of 2 s with 100,000 spikes a second covers much of its panel; text and axes alone are some thousand pixels.
    #expect(seen.pixels > 50_000 && seen.pixels_held > 50_000)
    #expect(seen.weights == ["E-E": 5000])
    // No limit of time: a machine under load may be slow. Frames come all the same, none with a tenth of a second of work.
    #expect(seen.frames_per_second > 1 && seen.drawing_ms < 100)
    #expect(seen.spikes_while_paused == 0)
    #expect(seen.requests == ["pause", "resume"])
    #expect(seen.following)
    // Every spike is accounted for: drawn, or skipped while the page was busy and counted as such.
    #expect(seen.skipped > 0)
    #expect(seen.counted == seen.sent && seen.lost == 0)
    #expect(seen.stop_asks_once && seen.stopped)
    #expect(seen.state_text == "Ended: interrupted" && seen.other == "ended")
    #expect(seen.again_counted == seen.again_sent && seen.again_other == seen.again_sent)
    #expect(seen.stranger == "refused")
    #expect(seen.handshakes == [101, 403, 403, 421])
    #expect(seen.exit == 130)
  }

  /// What `simulation.py` saw.
  private struct SeenSimulation: Decodable {
    var spikes_while_paused, pixels, counted, lost, spikes, stranger, sideways: Int
    var digest, state, stranger_state: String
    var unmarked: [String]
  }

  @Test(
    "A simulation behind keys is shown to the viewer with the key, spike for spike, and runs on as if nobody looked",
    .enabled(if: canRun, "needs the release binary, Chromium, and numpy and pyzmq in .venv"))
  func simulation() throws {
    let directory = try TemporaryDirectory()
    let network = SnnsimProcess.root.path + "/networks/VogelsAbbott2005_CUBA.json"
    let text = try Python.run(
      """
      import sys, json
      sys.dont_write_bytecode = True
      sys.path.insert(0, sys.argv[1])
      import simulation
      print(json.dumps(simulation.main(*sys.argv[2:])))
      """,
      Self.folder, SnnsimProcess.binary, network, directory.file("run"))
    let seen = try JSONDecoder().decode(SeenSimulation.self, from: Data(text.utf8))
    #expect(seen.spikes_while_paused == 0)
    #expect(seen.pixels > 1000)
    #expect(seen.spikes > 0 && seen.counted == seen.spikes && seen.lost == 0)
    #expect(seen.state == "Ended")
    #expect(seen.stranger == 0 && seen.stranger_state == "waiting")
    // At 360 points nothing reaches beyond the page, and whatever has the keyboard's focus is outlined.
    #expect(seen.sideways <= 0 && seen.unmarked == [])
    let silent = try SnnsimProcess.run("run", network, "--duration", "1500", "--no-record", "--json")
    #expect(silent.stdout.contains(seen.digest))
  }
}
