// swift-tools-version: 6.1
// A package of its own with one learning rule: the example of the article "Write a learning rule".
import PackageDescription

let package = Package(
  name: "MySnnsim",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "snnsim", path: "../..")],
  targets: [
    .executableTarget(
      name: "MySnnsim",
      dependencies: [
        .product(name: "SNNSim", package: "snnsim"), .product(name: "SNNSimCLI", package: "snnsim"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
