/// What one simulation took and gave, whoever ran it: the part of `snnsim run --json` and of `tools/peers/peer.py` that
/// is compared.
public struct Cost: Sendable, Decodable {
  /// s.
  public var build, simulate: Double
  /// s: making the program, once for each network; `nil` for simulators that compile nothing.
  public var compile: Double?
  /// 10⁶ bytes.
  public var peakMemory: Double
  public var spikes, synapses, events: Double
  /// Hz, by population.
  public var rates: [String: Double]
  /// At the end, by projection that learns, in the unit of the target model; empty where nobody asked for them.
  public var meanWeights: [String: Double]
  /// Name and version; `nil` for snnsim.
  public var version: String?

  private enum Key: String, CodingKey {
    case build = "build_s"
    case simulate = "simulate_s"
    case compile = "compile_s"
    case peakMemory = "peak_rss_mb"
    case events = "synaptic_events"
    case rates = "rates_hz"
    case meanWeights = "mean_weights"
    case spikes, synapses, version, populations, plastic
  }
  private struct Plastic: Decodable {
    var meanWeight: Double?
    enum CodingKeys: String, CodingKey { case meanWeight = "mean_weight" }
  }
  private struct Population: Decodable {
    var rate: Double?
    enum CodingKeys: String, CodingKey { case rate = "mean_rate_hz" }
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    build = try fields.decode(Double.self, forKey: .build)
    simulate = try fields.decode(Double.self, forKey: .simulate)
    compile = try fields.decodeIfPresent(Double.self, forKey: .compile)
    peakMemory = try fields.decode(Double.self, forKey: .peakMemory)
    spikes = try fields.decode(Double.self, forKey: .spikes)
    synapses = try fields.decode(Double.self, forKey: .synapses)
    events = try fields.decode(Double.self, forKey: .events)
    version = try fields.decodeIfPresent(String.self, forKey: .version)
    if let rates = try fields.decodeIfPresent([String: Double].self, forKey: .rates) {
      self.rates = rates
    } else {
      rates = try fields.decode([String: Population].self, forKey: .populations).mapValues { $0.rate ?? 0 }
    }
    let plastic = try fields.decodeIfPresent([String: Plastic].self, forKey: .plastic)
    meanWeights =
      try fields.decodeIfPresent([String: Double].self, forKey: .meanWeights) ?? plastic?.compactMapValues(\.meanWeight) ?? [:]
  }
}
