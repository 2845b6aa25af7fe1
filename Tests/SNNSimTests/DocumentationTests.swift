import Foundation
import SNNTestSupport
import Testing

@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct DocumentationTests {
  private static let articles = SnnsimProcess.root.appendingPathComponent("Sources/SNNSim/SNNSim.docc/Articles")

  @Test("The article on models is what `snnsim models --markdown` prints")
  func modelsArticleIsCurrent() throws {
    let article = try String(contentsOf: Self.articles.appendingPathComponent("Models.md"), encoding: .utf8)
    let printed = try SnnsimProcess.run(["models", "--markdown"]).stdout
    #expect(article.hasSuffix(printed), "refresh the article: its tables are made by `snnsim models --markdown`")
  }

  @Test("The network of the article on the network file is valid")
  func articleNetworkIsValid() throws {
    let article = try String(contentsOf: Self.articles.appendingPathComponent("TheNetworkFile.md"), encoding: .utf8)
    let start = try #require(article.range(of: "```json\n"))
    let end = try #require(article.range(of: "```", range: start.upperBound..<article.endIndex))
    let directory = try TemporaryDirectory()
    let path = try directory.write(String(article[start.upperBound..<end.lowerBound]), to: "net.json")
    let outcome = try SnnsimProcess.run(["check", path])
    #expect(outcome.code == 0, "\(outcome.stderr)")
  }
}
