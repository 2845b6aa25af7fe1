import Foundation
import SNNSim
import SNNTestSupport

/// A training of Fisher's flowers by softmax regression, in a directory of its own.
struct TrainingTrial {
  static let catalogue = Catalogue.standard.adding(learner: SoftmaxRegression.self)
  let directory: TemporaryDirectory
  let path: String

  /// A network with `data` and `train`; iris, every fifth flower to test.
  static func network(
    data: String = TrainingTrial.flowers, train: String = #""data": "train", "evaluate": "test""#, _ more: String = ""
  ) -> String {
    """
    { "format": "snnsim/1", "name": "flowers",
      "data": { \(data) },
      "train": { "rule": "softmax_regression", "learning_rate": 0.5, "batch": 20, "epochs": 8,
        "encoder": "standardise", \(train)\(more) } }
    """
  }
  static let iris = SnnsimProcess.root.path + "/datasets/iris/iris.csv"
  static let flowers = ["train", "test"].map {
    #""\#($0)": { "type": "csv", "path": "\#(iris)", "test_every": 5, "split": "\#($0)" }"#
  }.joined(separator: ", ")

  init(_ network: String = TrainingTrial.network()) throws {
    directory = try TemporaryDirectory()
    path = try directory.write(network, to: "net.json")
  }

  func load(_ overrides: [Override] = [], at path: String? = nil) throws -> LoadedNetwork {
    try LoadedNetwork(URL(fileURLWithPath: path ?? self.path), name: "net.json", overrides: overrides, catalogue: Self.catalogue)
  }

  var output: String { directory.file("out") }

  @discardableResult
  func run(
    _ loaded: LoadedNetwork? = nil, threads: Int = 2, records: Bool = true, shouldStop: @escaping () -> Bool = { false }
  ) throws -> (report: RunReport, end: RunEnd) {
    var settings = RunSettings()
    settings.threads = threads
    settings.records = records
    settings.output = output
    settings.force = true
    return try (loaded ?? load()).run(settings, shouldStop: shouldStop)
  }
}

extension RunReport {
  /// A number of `metrics`; NaN without it.
  subscript(metric: String) -> Double { metrics.first { $0.0 == metric }?.1.number ?? .nan }
}
