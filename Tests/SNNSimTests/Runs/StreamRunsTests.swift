import Foundation
import SNNTestSupport
import Testing

/// Whole runs of the release binary, watched by pyzmq: by code that shares nothing with ours.
@Suite(.serialized, .enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct StreamRunsTests {
  static let hasReaders = Python.has("zmq", "numpy", "h5py")

  /// Starts `snnsim run` with the arguments behind the first (the binary) in a process of its own; `endpoint` is its stream.
  private static let prelude = """
    import json, subprocess, sys, time, numpy as np, zmq
    folder = sys.argv[2]
    context = zmq.Context()
    def socket(kind, endpoint, subscribe=None):
      s = context.socket(kind)
      s.linger = 0
      s.rcvhwm = 0 if kind == zmq.SUB else 1000
      if subscribe is not None: s.subscribe(subscribe)
      s.connect(endpoint)
      return s
    def start(*arguments):
      process = subprocess.Popen([sys.argv[1], "run", *sys.argv[3:], "--json", *arguments],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
      for line in process.stderr:
        if line.startswith("streaming"): break
      words = line.replace(",", "").split()
      return process, words[2], words[5]
    def ask(control, **request):
      s = socket(zmq.REQ, control)
      s.send_json(request)
      assert s.poll(10000), "no reply"
      return s.recv_json()
    def until_end(s):
      while s.poll(20000):
        topic, header, *arrays = s.recv_multipart()
        header = json.loads(header)
        yield topic.decode(), header, arrays
        if topic == b"end/": return
      assert False, "no end"

    """

  private func python(_ script: String, _ arguments: String..., in directory: TemporaryDirectory) throws -> String {
    try Python.run(arguments: [SnnsimProcess.binary, directory.path] + arguments, Self.prelude + script)
  }

  @Test(
    "A pyzmq client gets every spike of Brunel2000: times and ids are those of spikes.h5, without a gap in the sequence",
    .enabled(if: hasReaders)) func everySpike() throws
  {
    let directory = try TemporaryDirectory()
    let found = try python(
      """
      process, endpoint, control = start("--stream", "tcp://127.0.0.1:*", "--stream-wait", "1", "--output", folder + "/out")
      spikes, following = {}, {}
      for topic, header, arrays in until_end(socket(zmq.SUB, endpoint, "")):
        assert header["seq"] == following.get(topic, 0) and header["dropped"] == 0, (topic, header)
        following[topic] = header["seq"] + 1
        if header["kind"] == "spikes":
          times, ids = np.frombuffer(arrays[0], "<f8"), np.frombuffer(arrays[1], "<u4")
          assert len(times) == len(ids) == header["n"]
          spikes.setdefault(header["kind"] and topic[7:-1], []).append((times, ids))
      report = json.loads(process.communicate()[0])
      import h5py
      with h5py.File(folder + "/out/spikes.h5") as file:
        for name in ("E", "I"):
          times, ids = (np.concatenate(x) for x in zip(*spikes[name]))
          assert np.array_equal(times, file["spikes"][name]["timestamps"][:])
          assert np.array_equal(ids, file["spikes"][name]["node_ids"][:])
      print(report["digests"]["spikes"], sum(len(t) for parts in spikes.values() for t, _ in parts) == report["spikes"])
      """, networkPath("Brunel2000"), "--duration", "200", in: directory)
    // The stream changes no digest.
    let silent = try SnnsimProcess.run("run", networkPath("Brunel2000"), "--duration", "200", "--json", "--no-record")
    let digest = try #require((silent.object?["digests"] as? [String: Any])?["spikes"] as? String)
    #expect(found == digest + " True")
  }

  @Test("A run is paused, looked at, resumed and stopped from outside; what was recorded is whole", .enabled(if: hasReaders))
  func control() throws {
    let directory = try TemporaryDirectory()
    let found = try python(
      """
      process, endpoint, control = start("--stream", "tcp://127.0.0.1:*", "--realtime", "1", "--output", folder + "/out")
      assert ask(control, cmd="meta")["meta"]["name"] == "Brunel2000"
      assert ask(control, cmd="pause")["ok"]
      time.sleep(0.1)
      a = ask(control, cmd="status"); time.sleep(0.2); b = ask(control, cmd="status")
      assert a["state"] == b["state"] == "paused" and a["t"] == b["t"] > 0, (a, b)
      assert ask(control, cmd="resume")["ok"]
      time.sleep(0.2)
      c = ask(control, cmd="status")
      assert c["state"] == "running" and c["t"] > b["t"]
      assert ask(control, cmd="stop")["ok"]
      report = json.loads(process.communicate()[0])
      import h5py
      with h5py.File(folder + "/out/spikes.h5") as file:
        written = sum(len(group["timestamps"]) for group in file["spikes"].values())
      print(process.returncode, written == report["spikes"] > 0, 0 < report["biological_ms"] < 60000)
      """, networkPath("Brunel2000"), "--duration", "60000", in: directory)
    #expect(found == "130 True True")
  }

  @Test("With --realtime 1 a quick network takes as long as it simulates", .enabled(if: hasReaders)) func pace() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.parrots, to: "net.json")
    let run = try SnnsimProcess.run("run", path, "--no-record", "--json", "--realtime", "2", "--duration", "1000")
    let seconds = try #require(run.object?["simulate_s"] as? Double)
    // Never faster; how much slower is the machine's.
    #expect(seconds >= 0.5 - 0.01)
  }

  /// Repeats listed spikes, so that everything about its stream is known.
  private static let parrots = """
    {"format": "snnsim/1", "name": "parrots", "run": {"duration": 100, "seed": 1},
     "populations": {"E": {"model": "parrot_neuron", "size": 3}},
     "inputs": {"in": {"type": "spikes", "target": "E", "times": [5, 15, 25], "ids": [0, 1, 2], "weight": 1, "delay": 1}},
     "stream": {"endpoint": "tcp://127.0.0.1:*", "what": ["spikes/E", "rate"], "policy": "block"}}
    """

  @Test("The section stream of the file says where and what; --no-stream overrules it", .enabled(if: hasReaders))
  func section() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.parrots, to: "net.json")
    let found = try python(
      """
      process, endpoint, control = start("--stream-wait", "1", "--no-record")
      topics, spikes, meta = set(), [], None
      for topic, header, arrays in until_end(socket(zmq.SUB, endpoint, "")):
        topics.add(topic)
        if topic == "spikes/E/": spikes += zip(np.frombuffer(arrays[0], "<f8").tolist(), np.frombuffer(arrays[1], "<u4").tolist())
        if topic == "meta/": meta = header
      process.communicate()
      print(sorted(topics), spikes, meta["policy"], meta["populations"][0]["model"])
      """, path, in: directory)
    #expect(
      found == "['clock/', 'end/', 'meta/', 'rate/E/', 'spikes/E/'] [(6.0, 0), (16.0, 1), (26.0, 2)] block parrot_neuron")
    let silent = try SnnsimProcess.run("run", path, "--no-record", "--json", "--no-stream")
    #expect(silent.code == 0 && !silent.stderr.contains("streaming"))
  }

  @Test(
    "A client of Open Ephys's ZMQ Interface, written from its description, decodes spikes, rates and heartbeats",
    .enabled(if: hasReaders))
  func openEphys() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.parrots, to: "net.json")
    let found = try python(
      """
      port = 20000 + int.from_bytes(folder.encode()[-4:], "little") % 20000 // 2 * 2
      process, endpoint, control = start("--stream", "tcp://127.0.0.1:*", "--open-ephys", f"tcp://127.0.0.1:{port}",
                                         "--realtime", "0.002", "--no-record")
      # Bound now: it connects at once, long before the 15 s are over that the run takes until told otherwise.
      data = socket(zmq.SUB, f"tcp://127.0.0.1:{port}", "")
      heart = socket(zmq.REQ, f"tcp://127.0.0.1:{port + 1}")
      time.sleep(0.5)
      heart.send_json({"application": "test", "uuid": "1", "type": "heartbeat"})
      assert heart.poll(10000) and heart.recv() == b"heartbeat received"
      heart.send(b"}")
      assert heart.poll(10000) and heart.recv() == b"JSON message could not be read"
      ask(control, cmd="set", path="realtime", value=None)
      spikes, rates, last = [], [], None
      while data.poll(2000) or process.poll() is None:
        if not data.poll(0): continue
        frames = data.recv_multipart()
        assert len(frames) == 3 and frames[0] in (b"DATA\\0", b"EVENT\\0")
        header = json.loads(frames[1])
        assert last is None or header["message_num"] == last + 1
        assert abs(header["timestamp"] / 1000 - time.time()) < 60
        last = header["message_num"]
        if header["type"] == "spike":
          spike, wave = header["spike"], np.frombuffer(frames[2], np.float32)
          assert len(wave) == spike["num_channels"] * spike["num_samples"] and "data_size" not in header
          spikes.append((spike["electrode"], spike["sorted_id"], spike["sample_num"]))
        else:
          content = header["content"]
          assert frames[0] == b"DATA\\0" and header["data_size"] == len(frames[2]) == 4 * content["num_samples"]
          rates.append((content["channel_num"], content["sample_num"], round(float(np.frombuffer(frames[2], "<f4")[0]), 2)))
      process.communicate()
      print(spikes[-2:], rates[-8:-6])
      """, path, in: directory)
    // 16 and 26 ms at 30 kHz; one spike of three neurons in 10 ms is 33.33 Hz.
    #expect(found == "[('E', 1, 480), ('E', 2, 780)] [(1, 2, 33.33), (1, 3, 0.0)]")
  }

  @Test("PlotJuggler's port sends scalars, and text in the third frame that reads as a time", .enabled(if: hasReaders))
  func plotJuggler() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.parrots, to: "net.json")
    let found = try python(
      """
      endpoint = f"ipc://{folder}/pj"
      data = socket(zmq.SUB, endpoint, "")
      process, _, control = start("--stream", "tcp://127.0.0.1:*", "--plotjuggler", endpoint, "--realtime", "0.1", "--no-record")
      rates, losses = [], 0
      while data.poll(3000):
        topic, payload, stamp = data.recv_multipart()
        assert abs(float(stamp.decode("ascii")) - time.time()) < 60
        payload = json.loads(payload)
        assert all(isinstance(v, (int, float)) for v in payload.values())
        if topic == b"loss": losses += 1
        else: rates.append((topic.decode(), payload["t"], round(payload["hz"], 2)))
      process.communicate()
      print(rates[-2:], losses > 2)
      """, path, in: directory)
    #expect(found == "[('rate/E', 0.09, 0), ('rate/E', 0.1, 0)] True")
  }

  /// `A` repeats listed spikes; `B` repeats what comes from outside.
  private static func loop(_ input: String) -> String {
    """
    {"format": "snnsim/1", "name": "loop", "run": {"duration": 200, "seed": 1},
     "populations": {"A": {"model": "parrot_neuron", "size": 3}, "B": {"model": "parrot_neuron", "size": 3}},
     "inputs": {"in": {"type": "spikes", "target": "A", "times": [5, 15.3, 15.3, 25, 150], "ids": [0, 1, 2, 2, 0], "delay": 1},
                "outside": {"type": "stream", "size": 3, \(input)}},
     "projections": {"p": {"source": "outside", "target": "B", "rule": {"type": "one_to_one"}, "delay": 1}},
     "record": {"spikes": {"what": "spikes", "of": ["A", "B"]}}}
    """
  }

  @Test(
    "A closed loop by another program, with wait: each spike sent back acts after latency and delay exactly, run after run",
    .enabled(if: hasReaders)) func closedLoop() throws
  {
    let directory = try TemporaryDirectory()
    let endpoint = "ipc://" + directory.file("back")
    let path = try directory.write(
      Self.loop("\"endpoint\": \"\(endpoint)\", \"socket\": \"pull\", \"latency\": 10, \"wait\": true"), to: "net.json")
    let script = """
      back = context.socket(zmq.PUSH)
      process, endpoint, control = start("--stream", "tcp://127.0.0.1:*", "--stream-wait", "3", "--output", folder + "/out", "--force")
      back.connect("ipc://" + folder + "/back")
      stream = socket(zmq.SUB, endpoint, "spikes/A/")
      stream.subscribe("end/"); stream.subscribe("clock/")
      for topic, header, arrays in until_end(stream):
        # A controller that repeats what it hears. The clock tells of silence, after the spikes.
        if header["kind"] == "clock":
          header.update(kind="spikes", dtype=["<f8", "<u4"], n=0, first=0)
          arrays = [b"", b""]
        if header["kind"] == "spikes":
          back.send_multipart([b"spikes/echo/", json.dumps(header).encode(), *arrays])
      report = json.loads(process.communicate()[0])
      import h5py
      with h5py.File(folder + "/out/spikes.h5") as file:
        a, b = (list(zip(file["spikes"][n]["timestamps"][:], file["spikes"][n]["node_ids"][:])) for n in "AB")
      assert [(round(t + 11, 6), i) for t, i in a] == [(round(t, 6), i) for t, i in b], (a, b)
      print(len(b), report["metrics"]["stream_inputs"]["outside"], report["digests"]["spikes"])
      """
    let first = try python(script, path, in: directory)
    #expect(first.hasPrefix("5 {'spikes': 5, 'late': 0, 'refused': 0, 'malformed_messages': 0}"))
    #expect(try python(script, path, in: directory) == first)
  }

  @Test("Late, impossible and garbled input is counted, and stops nothing", .enabled(if: hasReaders)) func badInput() throws {
    let directory = try TemporaryDirectory()
    let endpoint = "ipc://" + directory.file("back")
    for (late, expected) in [("next", "1 late"), ("drop", "0 late")] {
      let path = try directory.write(
        Self.loop("\"endpoint\": \"\(endpoint)\", \"socket\": \"pull\", \"latency\": 5, \"late\": \"\(late)\""), to: "net.json")
      let found = try python(
        """
        process, stream, control = start("--stream", "tcp://127.0.0.1:*", "--realtime", "0.2", "--output", folder + "/out", "--force")
        back = context.socket(zmq.PUSH)
        back.connect('\(endpoint)')
        def send(times, ids, **more):
          header = dict(v=1, kind="spikes", run="x", seq=0, n=len(times), t0=0, t1=0, watermark=0, wall_ns=0, dropped=0,
                        dtype=["<f8", "<u4"], first=0)
          header.update(more)
          back.send_multipart([b"spikes/x/", json.dumps(header).encode(), np.array(times, "<f8").tobytes(),
                               np.array(ids, "<u4").tobytes()])
        back.send(b"garbage")
        send([1, 2], [0], n=2)
        send([180], [3])
        send([float("nan")], [0]); send([-1], [0]); send([1e300], [0])
        while ask(control, cmd="status")["t"] < 20: time.sleep(0.02)
        send([2], [1])
        report = json.loads(process.communicate()[0])
        counts = report["metrics"]["stream_inputs"]["outside"]
        assert counts == dict(spikes=5, late=1, refused=4, malformed_messages=2), counts
        print(report["populations"]["B"]["spikes"], "late")
        """, path, in: directory)
      #expect(found == expected)
    }
  }

  @Test("To wait for a sender needs a latency in which it can answer") func shortLatency() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      Self.loop("\"endpoint\": \"ipc:///nowhere\", \"latency\": 1, \"wait\": true"), to: "net.json")
    let run = try SnnsimProcess.run("run", path, "--no-record")
    #expect(run.code == 2 && run.stderr.contains("latency"))
  }

  @Test("An endpoint that can't be bound stops before anything is run") func endpoints() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.parrots, to: "net.json")
    let wrong = try SnnsimProcess.run("run", path, "--stream", "127.0.0.1:5570")
    #expect(wrong.code == 64)
    let open = try SnnsimProcess.run("run", path, "--stream", "tcp://*:*", "--output", directory.file("out"))
    #expect(open.code == 74 && open.stderr.contains("snnsim keys") && !directory.names.contains("out"))
    let keyless = try SnnsimProcess.run("run", path, "--stream-keys", directory.file("none"))
    #expect(keyless.code == 2)
    let allowed = try SnnsimProcess.run("run", path, "--stream", "tcp://*:*", "--insecure-bind", "--no-record", "--json")
    #expect(allowed.code == 0 && allowed.stderr.contains("warning"))
  }

  /// Two populations on either engine, driven by inputs that are live, or by what these were set to.
  private static func driven(_ noise: String, _ current: String) -> String {
    """
    {"format": "snnsim/1", "name": "driven", "run": {"duration": 400, "seed": 5},
     "populations": {"A": {"model": "iaf_psc_exp", "size": 40, "engine": "grid"},
                     "B": {"model": "iaf_psc_exp", "size": 40, "engine": "exact", "init": {"V_m": {"dist": "uniform", "low": -70, "high": -56}}}},
     "inputs": {"noise": {"type": "poisson", "target": "A", "weight": 60, "delay": 2, \(noise)},
                "current": {"target": ["A", "B"], "delay": 1.5, \(current)}}}
    """
  }

  @Test(
    "A run whose inputs are set while it goes on has the bits of one that has these steps in its file, on both engines",
    .enabled(if: hasReaders)) func live() throws
  {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      Self.driven("\"rate\": 4000, \"live\": true", "\"type\": \"dc\", \"amplitude\": 100, \"live\": true"), to: "net.json")
    let found = try python(
      """
      process, endpoint, control = start("--stream", "tcp://127.0.0.1:*", "--realtime", "0.05", "--output", folder + "/out")
      def set(path, value):
        before = ask(control, cmd="status")["t"]
        reply = ask(control, cmd="set", path=path, value=value)
        assert reply["ok"] and reply[path] == value, reply
        while ask(control, cmd="status")["t"] < before + 5: time.sleep(0.01)
      refused = [ask(control, cmd="set", path="inputs.noise.rate", value=value)["code"] for value in (-1, "much", None)]
      refused.append(ask(control, cmd="set", path="inputs.noise.weight", value=1)["code"])
      known = ask(control, cmd="meta")["meta"]["live"]
      set("inputs.noise.rate", 9000)
      set("inputs.current.amplitude", 390)
      set("inputs.noise.rate", 0)
      ask(control, cmd="pause")
      set_while_paused = ask(control, cmd="set", path="inputs.current.amplitude", value=410.5)["ok"]
      ask(control, cmd="resume")
      ask(control, cmd="set", path="realtime", value=None)
      report = json.loads(process.communicate()[0])
      changes = json.load(open(folder + "/out/manifest.json"))["live_changes"]
      print(json.dumps({"refused": refused, "known": known, "digest": report["digests"]["spikes"], "spikes": report["spikes"],
                        "changes": changes}))
      """, path, in: directory)
    struct Seen: Decodable {
      struct Change: Decodable { var time: Double, path: String, value: Double }
      var refused, known: [String]
      var digest: String
      var spikes: Int
      var changes: [Change]
    }
    let seen = try JSONDecoder().decode(Seen.self, from: Data(found.utf8))
    #expect(seen.refused == ["bad-value", "bad-value", "bad-value", "not-live"])
    #expect(seen.known == ["realtime", "inputs.noise.rate", "inputs.current.amplitude"])
    #expect(seen.changes.map(\.value) == [9000, 390, 0, 410.5] && seen.spikes > 200)
    let rates = seen.changes.filter { $0.path == "inputs.noise.rate" }
    let currents = seen.changes.filter { $0.path == "inputs.current.amplitude" }
    let table = "time_ms,rate_hz\n0,4000\n" + rates.map { "\($0.time),\($0.value)\n" }.joined()
    _ = try directory.write(table, to: "rates.csv")
    let times = [0] + currents.map(\.time)
    let values = [100] + currents.map(\.value)
    let given = try directory.write(
      Self.driven(
        "\"rate\": {\"file\": \"rates.csv\"}", "\"type\": \"steps\", \"times\": \(times), \"amplitudes\": \(values)"),
      to: "given.json")
    let outcome = try SnnsimProcess.run("run", given, "--no-record", "--json")
    #expect(outcome.stdout.contains(seen.digest), Comment(rawValue: outcome.stderr))
  }
}
