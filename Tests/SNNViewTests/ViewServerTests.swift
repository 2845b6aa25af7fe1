import Testing

@testable import SNNView

@Suite struct ViewServerTests {
  private let run = ViewedRun(id: "1", name: "test", mode: .live, populations: [.init(name: "E", size: 10)])

  private func batch(_ times: [Double], edge: Double) -> SpikeBatch {
    var batch = SpikeBatch(edge: edge)
    batch.add(population: 0, times: times, ids: times.map { _ in 1 })
    return batch
  }

  @Test("Every file that the page names is served, with its type and a policy that allows nothing from elsewhere") func page()
    throws
  {
    let server = try ViewServer(port: 0)
    defer { try? server.close() }
    let port = server.port
    for (path, type) in [
      ("/", "text/html"), ("/style.css", "text/css"), ("/main.js", "text/javascript"), ("/icon.svg", "image/svg+xml"),
    ] {
      let browser = try PlainBrowser(port: port)
      #expect(try browser.request("GET \(path)", ["Host: localhost:\(port)"]) == 200)
      #expect(browser.head.contains("Content-Type: \(type)"))
      #expect(browser.head.contains("Content-Security-Policy: default-src 'none';"))
      #expect(browser.head.contains("X-Content-Type-Options: nosniff"))
      let text = String(decoding: browser.rest(), as: UTF8.self)
      #expect(!text.contains("https://") && !text.contains(" style="))
      // What the page's scripts import is there.
      for name in text.matches(of: /from "\.(\/[a-z]+\.js)"/) { #expect(PageFile.named(String(name.1)) != nil) }
    }
  }

  @Test("Other names, methods, paths and origins are turned away") func refusals() throws {
    let server = try ViewServer(port: 0)
    defer { try? server.close() }
    let port = server.port
    func status(_ line: String, _ headers: String...) throws -> Int { try PlainBrowser(port: port).request(line, headers) }
    #expect(try status("GET /", "Host: evil.example") == 421)
    #expect(try status("GET /") == 421)
    #expect(try status("POST /", "Host: localhost", "Content-Length: 0") == 405)
    #expect(try status("GET /../../etc/passwd", "Host: localhost") == 404)
    #expect(try status("GET /stream", "Host: localhost") == 403)
    #expect(try PlainBrowser(port: port).open(port: port, origin: "http://evil.example") == 403)
    #expect(try PlainBrowser(port: port).open(port: port, origin: "http://localhost:\(port)") == 403)
    #expect(try PlainBrowser(port: port).open(port: port) == 101)
  }

  @Test("A browser that comes late is told what the others know, history included") func lateBrowser() throws {
    let server = try ViewServer(port: 0)
    defer { try? server.close() }
    let port = server.port
    server.post(.run(run))
    server.post(.spikes(batch([1, 2], edge: 3)))
    server.post(.spikes(batch([4], edge: 5)))
    server.post(.weights(WeightHistogram(projection: "p", time: 1, values: [1, 2])))
    let browser = try PlainBrowser(port: port)
    try browser.open(port: port)
    guard case .text(let described) = try browser.next(), case .text(let weights) = try browser.next(),
      case .binary(let spikes) = try browser.next()
    else { throw PlainBrowser.Failure(what: "messages in another order") }
    #expect(described.contains(#""type": "run""#) && described.contains(#""name": "test""#))
    #expect(weights.contains(#""projection": "p""#))
    #expect(spikes.count == 16 + (16 + 16) + (16 + 8))

    // Another run begins anew.
    server.post(.run(ViewedRun(id: "2", name: "next", mode: .live, populations: [])))
    let next = try PlainBrowser(port: port)
    try next.open(port: port)
    next.send(text: #"{"request": "pause"}"#)
    guard case .text(let again) = try next.next() else { throw PlainBrowser.Failure(what: "no description") }
    #expect(again.contains(#""name": "next""#))
  }

  @Test("What browsers ask for is handed over in order, and nothing else is") func requests() throws {
    let server = try ViewServer(port: 0)
    defer { try? server.close() }
    let port = server.port
    let browser = try PlainBrowser(port: port)
    try browser.open(port: port)
    for name in ["pause", "resume", "stop"] { browser.send(text: #"{"request": "\#(name)"}"#) }
    browser.send(text: #"{"request": "format c:"}"#)
    #expect(try browser.next() == .closed(1008))
    #expect(server.takeRequests() == [.pause, .resume, .stop])
    #expect(server.takeRequests().isEmpty)
  }

  @Test("A frame against the protocol ends its connection with the right code, and no other connection") func malformedFrames()
    throws
  {
    let server = try ViewServer(port: 0)
    defer { try? server.close() }
    let port = server.port
    let steady = try PlainBrowser(port: port)
    try steady.open(port: port)
    let frames: [(bytes: [UInt8], code: Int)] = [
      ([0x81, 0x05] + Array("hello".utf8), 1002),  // not masked
      ([0xF1, 0x80, 0, 0, 0, 0], 1002),  // reserved bits
      ([0x83, 0x80, 0, 0, 0, 0], 1002),  // unknown opcode
      ([0x82, 0x80, 0, 0, 0, 0], 1003),  // binary
      ([0x01, 0x80, 0, 0, 0, 0], 1003),  // a piece
      ([0x09, 0x80, 0, 0, 0, 0], 1002),  // a control frame in pieces
      ([0x81, 0xFF] + [UInt8](repeating: 0x7F, count: 8) + [0, 0, 0, 0], 1009),  // 9 exabytes
      ([0x81, 0xFE, 0x40, 0, 0, 0, 0, 0], 1009),  // 16 KiB
      ([0x81, 0x83, 0, 0, 0, 0] + Array("{]}".utf8), 1008),  // no JSON
      ([0x81, 0x89, 0, 0, 0, 0] + Array(#"{"ack":5}"#.utf8), 1008),  // of what was never sent
    ]
    for (bytes, code) in frames {
      let browser = try PlainBrowser(port: port)
      try browser.open(port: port)
      browser.send(bytes)
      #expect(try browser.next() == .closed(code), "\(bytes)")
    }
    for seed in 0..<200 as Range<UInt64> {
      var random = SplitMix(state: seed)
      let browser = try PlainBrowser(port: port)
      if seed % 2 == 0 { try browser.open(port: port) }
      browser.send((0..<Int(random.next() % 300)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }
    server.post(.notice("still here"))
    #expect(try steady.next() == .text(#"{"type": "notice", "text": "still here"}"#))
  }

  @Test("A browser that does not keep up loses batches, is told how many, and goes on") func backPressure() throws {
    let server = try ViewServer(port: 0)
    defer { try? server.close() }
    let port = server.port
    let browser = try PlainBrowser(port: port)
    try browser.open(port: port)
    browser.send([0x89, 0x80, 0, 0, 0, 0])
    #expect(try browser.next() == .text("pong"))
    let extra = 30
    for i in 0..<BrowserHandler.window + extra { server.post(.spikes(batch([Double(i)], edge: Double(i) + 1))) }
    for _ in 0..<BrowserHandler.window {
      guard case .binary = try browser.next() else { throw PlainBrowser.Failure(what: "no batch") }
    }
    browser.send(text: #"{"ack": \#(BrowserHandler.window)}"#)
    // The answer to a ping shows that the acknowledgement has been read.
    browser.send([0x89, 0x80, 0, 0, 0, 0])
    #expect(try browser.next() == .text("pong"))
    server.post(.spikes(batch([200], edge: 201)))
    let report = #"{"type": "skipped", "batches": \#(extra), "spikes": \#(extra), "from": 50, "to": 80}"#
    #expect(try browser.next() == .text(report))
    guard case .binary = try browser.next() else { throw PlainBrowser.Failure(what: "no batch after the report") }
  }

  @Test("A browser that stops reading costs the server no more than its buffer, and learns the present state when it wakes")
  func sleepingBrowser() throws {
    let server = try ViewServer(port: 0)
    defer { try? server.close() }
    let port = server.port
    let browser = try PlainBrowser(port: port)
    try browser.open(port: port)
    // 50 batches of 1 MB: beyond the high-water mark long before the window is full.
    let large = batch([Double](repeating: 1, count: 131_072), edge: 2)
    for _ in 0..<BrowserHandler.window { server.post(.spikes(large)) }
    var status = ViewStatus(.ended, source: "x")
    status.time = 77
    server.post(.status(status))
    var batches = 0
    while true {
      switch try browser.next() {
      case .binary: batches += 1
      case .text(let text):
        #expect(text.contains(#""time": 77"#))
        #expect((8..<40).contains(batches))
        return
      case .closed: throw PlainBrowser.Failure(what: "closed")
      }
    }
  }

  @Test("A port that is taken is an error that says so") func takenPort() throws {
    let server = try ViewServer(port: 0)
    defer { try? server.close() }
    let port = server.port
    #expect(throws: ViewError.self) { try ViewServer(port: port) }
  }
}

/// Steele, Lea & Flood (2014), https://doi.org/10.1145/2714064.2660195
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
