import NIOCore
import SNNSignals
import Synchronization

/// What browsers want, from the event loop to the thread that feeds the viewer.
final class RequestQueue: Sendable {
  private let waiting = Mutex<[ViewRequest]>([])

  func add(_ request: ViewRequest) {
    // A page that asks without end fills no memory.
    waiting.withLock { if $0.count < 64 { $0.append(request) } }
  }

  func take() -> [ViewRequest] {
    waiting.withLock { requests in
      defer { requests = [] }
      return requests
    }
  }
}

/// Keeps what a browser that comes later must know, and tells all of them what is new. Confined to the event loop of the server.
final class ViewHub {
  static let browserLimit = 32
  /// Half a million spikes: some seconds of a large network.
  private static let historyLimit = 500_000

  private let requests: RequestQueue
  private var browsers: [ObjectIdentifier: BrowserHandler] = [:]
  private var run: (id: String, text: String)?
  private var status: String?
  private var weights: [(projection: String, text: String)] = []
  private var history: [SpikeBatch] = []
  private var historySpikes = 0

  init(_ requests: RequestQueue) { self.requests = requests }

  var isFull: Bool { browsers.count >= Self.browserLimit }

  func add(_ browser: BrowserHandler) {
    browsers[ObjectIdentifier(browser)] = browser
    tellAll(browser)
    guard var batch = history.first else { return }
    for later in history.dropFirst() { batch.append(later) }
    browser.send(batch.message)
  }

  func remove(_ browser: BrowserHandler) { browsers[ObjectIdentifier(browser)] = nil }

  func take(_ request: ViewRequest) { requests.add(request) }

  /// Everything but spikes.
  func tellAll(_ browser: BrowserHandler) {
    for text in [run?.text, status].compactMap(\.self) + weights.map(\.text) { browser.send(text) }
  }

  func post(_ update: ViewUpdate) {
    switch update {
    case .run(let description):
      let text = description.message.line
      // The same run described again keeps its spikes.
      if run?.id != description.id {
        history = []
        historySpikes = 0
        weights = []
      }
      run = (description.id, text)
      send(text)
    case .status(let now):
      let text = now.message.line
      status = text
      send(text)
    case .spikes(let batch):
      remember(batch)
      let message = batch.message
      for browser in browsers.values { browser.offer(batch, message) }
    case .weights(let histogram):
      let text = histogram.message.line
      weights.removeAll { $0.projection == histogram.projection }
      weights.append((histogram.projection, text))
      send(text)
    case .rates(let population, let bin, let times, let values):
      let message: JSONText = [
        "type": "rates", "population": .integer(population), "bin": .number(bin), "times": .array(times.map { .number($0) }),
        "rates": .array(values.map { .number($0) }),
      ]
      send(message.line)
    case .gap(let from, let to): send((["type": "gap", "from": .number(from), "to": .number(to)] as JSONText).line)
    case .notice(let text): send((["type": "notice", "text": .text(text)] as JSONText).line)
    }
  }

  private func send(_ text: String) { for browser in browsers.values { browser.send(text) } }

  private func remember(_ batch: SpikeBatch) {
    guard batch.spikes > 0 else { return }
    history.append(batch)
    historySpikes += batch.spikes
    var old = 0
    while historySpikes > Self.historyLimit, old < history.count - 1 {
      historySpikes -= history[old].spikes
      old += 1
    }
    // Removing from the front costs the length, so it is done for many at once.
    if old > 0 { history.removeFirst(old) }
  }
}
