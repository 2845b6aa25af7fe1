// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "snnsim",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "snnsim", targets: ["SNNSimMain"]),
    // The libraries, and the command for packages that add models or rules to it.
    .library(name: "SNNSim", targets: ["SNNSim"]),
    .library(name: "SNNSimCLI", targets: ["SNNSimCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    // Floor: the nouns and the contracts.
    .target(name: "SNNSignals"),
    // What a learner is, and the one loop for all.
    .target(name: "SNNTraining", dependencies: ["SNNSignals"]),
    .target(name: "SNNDynamics", dependencies: ["SNNSignals", "SNNTraining", "CPrimitives"]),
    // Shelf: models, stimuli, connection rules.
    .target(name: "SNNModels", dependencies: ["SNNSignals", "SNNDynamics"]),
    // The straight line: description -> compiler -> kernel -> recording.
    .target(name: "SNNDescription", dependencies: ["SNNSignals"]),
    .target(name: "SNNKernel", dependencies: ["SNNSignals", "SNNDynamics", "CPrimitives"]),
    .target(name: "SNNFiles", dependencies: ["SNNSignals", "CHDF5", "CHDF5Shim", "CZlib", "CCrypto"]),
    .target(name: "SNNRecording", dependencies: ["SNNSignals", "SNNFiles"]),
    .target(
      name: "SNNCompiler",
      dependencies: ["SNNSignals", "SNNDescription", "SNNDynamics", "SNNKernel"]),
    .target(name: "SNNAnalysis", dependencies: ["SNNSignals"]),
    .target(name: "SNNDense", dependencies: ["SNNSignals", "SNNTraining", "COpenBLAS"]),
    .target(name: "SNNBench", dependencies: ["SNNSignals"]),
    .target(name: "SNNStream", dependencies: ["SNNSignals", "CZMQ"]),
    // Looking on: the page and its server.
    .target(
      name: "SNNView",
      dependencies: [
        "SNNSignals", "SNNStream",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      resources: [.embedInCode("Page")]),
    // Front.
    .target(
      name: "SNNSim",
      dependencies: [
        "SNNSignals", "SNNDynamics", "SNNModels", "SNNDescription", "SNNKernel", "SNNFiles", "SNNRecording",
        "SNNCompiler", "SNNAnalysis", "SNNStream", "SNNTraining", "SNNDense",
      ]),
    .executableTarget(name: "SNNSimMain", dependencies: ["SNNSim", "SNNSimCLI"]),
    .target(
      name: "SNNSimCLI",
      dependencies: [
        "SNNSim", "SNNSignals", "SNNDynamics", "SNNDescription", "SNNKernel", "SNNFiles", "SNNRecording", "SNNAnalysis",
        "SNNBench", "SNNStream", "SNNTraining", "SNNView", "CPrimitives",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // C floor.
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .target(name: "CHDF5Shim", dependencies: ["CHDF5"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZMQ", pkgConfig: "libzmq", providers: [.apt(["libzmq3-dev"])]),
    .target(name: "CPrimitives"),
    // Tests.
    .target(
      name: "SNNTestSupport", dependencies: ["SNNSignals", "SNNDynamics"], path: "Tests/SNNTestSupport"),
    .target(
      name: "SNNFuzzTargets",
      dependencies: [
        "SNNSignals", "SNNDescription", "SNNKernel", "SNNFiles", "SNNCompiler", "SNNStream", "SNNSim", "SNNTestSupport",
      ], path: "Tests/SNNFuzzTargets"),
    .testTarget(name: "SNNFuzzTests", dependencies: ["SNNFuzzTargets"], exclude: ["Corpus"]),
    .testTarget(name: "SNNSignalsTests", dependencies: ["SNNSignals"]),
    .testTarget(
      name: "SNNModelsTests", dependencies: ["SNNSignals", "SNNDynamics", "SNNModels", "SNNTestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "SNNKernelTests", dependencies: ["SNNSignals", "SNNDynamics", "SNNKernel", "SNNModels", "SNNTestSupport"]),
    .testTarget(name: "SNNDescriptionTests", dependencies: ["SNNSignals", "SNNDescription"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "SNNFilesTests", dependencies: ["SNNSignals", "SNNFiles", "SNNTestSupport"], resources: [.copy("Fixtures")]),
    .testTarget(name: "SNNRecordingTests", dependencies: ["SNNSignals", "SNNFiles", "SNNRecording", "SNNTestSupport"]),
    .testTarget(
      name: "SNNViewTests",
      dependencies: [
        "SNNSignals", "SNNStream", "SNNView", "SNNTestSupport", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      exclude: ["Browser"]),
    .testTarget(name: "SNNDenseTests", dependencies: ["SNNSignals", "SNNTraining", "SNNDense"]),
    .testTarget(name: "SNNTrainingTests", dependencies: ["SNNSignals", "SNNTraining"]),
    .testTarget(name: "SNNBenchTests", dependencies: ["SNNBench", "SNNTestSupport"]),
    .testTarget(
      name: "SNNStreamTests", dependencies: ["SNNSignals", "SNNStream", "SNNTestSupport"], resources: [.copy("Fixtures")]),
    .testTarget(name: "SNNAnalysisTests", dependencies: ["SNNSignals", "SNNAnalysis"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "SNNSimTests",
      dependencies: ["SNNKernel", "SNNTraining", "SNNFiles", "SNNRecording", "SNNSim", "SNNTestSupport"],
      resources: [.copy("Fixtures")]),
  ],
  swiftLanguageModes: [.v6]
)

// What tools/sanitize builds for every change: the kernel and its tests, and nothing that they don't need.
if Context.environment["SNNSIM_KERNEL_ONLY"] != nil {
  let kernel: Set = [
    "SNNSignals", "SNNTraining", "SNNDynamics", "SNNModels", "SNNKernel", "CPrimitives", "SNNTestSupport", "SNNKernelTests",
  ]
  package.products = []
  package.dependencies = []
  package.targets.removeAll { !kernel.contains($0.name) }
}

// tools/fuzz links this with libFuzzer.
if Context.environment["SNNSIM_FUZZ"] != nil {
  package.products.append(.library(name: "SNNFuzz", type: .static, targets: ["SNNFuzzTargets"]))
}
