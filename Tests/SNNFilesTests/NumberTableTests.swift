import SNNTestSupport
import Testing

@testable import SNNFiles

@Suite struct NumberTableTests {
  @Test("A time series is read by the names of its columns") func readsSeries() throws {
    let directory = try TemporaryDirectory()
    let table = try NumberTable.read(path: directory.write("time_ms, rate_hz\n0, 10\n5.5, 1e3\n", to: "r.csv"))
    #expect(try table.column("rate_hz") == [10, 1000])
    #expect(try table.column("time_ms") == [0, 5.5])
    #expect(problem { try table.column("rate") }.hasSuffix("hint: its columns are \"time_ms\", \"rate_hz\""))
    #expect(try NumberTable.read(path: fixture("connections.npz")).column("delay") == [1, 1.5, 2])
  }

  @Test("A list of numbers comes from npy, npz or text") func readsLists() throws {
    let directory = try TemporaryDirectory()
    #expect(try numberArray(path: fixture("vector-f4.npy")) == [0, -1, 2, -100])
    #expect(try numberArray(path: fixture("single.npz")) == [0.1, 0.2, 0.3])
    #expect(try numberArray(path: directory.write("w\n1\n2\n", to: "w.csv")) == [1, 2])
    #expect(try numberArray(path: directory.write("1\n2\n", to: "w.txt")) == [1, 2])
  }

  @Test("What is not one list of finite numbers is refused") func refusesOthers() throws {
    let directory = try TemporaryDirectory()
    #expect(problem { try numberArray(path: fixture("matrix-c.npy")) }.contains("shape [2, 3]"))
    #expect(problem { try numberArray(path: fixture("connections.npz")) }.contains("holds 4 arrays"))
    #expect(problem { try numberArray(path: fixture("events.bs1")) }.contains("no known kind"))
    try NPYArray([1, .nan] as [Double]).write(path: directory.file("n.npy"))
    #expect(problem { try numberArray(path: directory.file("n.npy")) }.hasSuffix("value 1 is nan"))
  }
}
