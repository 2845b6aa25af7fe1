import SNNTestSupport
import Testing

@testable import SNNFiles

@Suite struct ConnectionListTests {
  @Test("SONATA edges written by h5py are read with weights, delays and populations") func readsSONATA() throws {
    let list = try ConnectionList.read(path: fixture("edges.h5"))
    #expect(
      list
        == ConnectionList(
          pre: [0, 1, 2, 0], post: [1, 1, 2, 2], weight: [0.5, 1.5, -2, 4], delay: [1, 1.1, 1.2, 1.3], sourcePopulation: "a",
          targetPopulation: "b"))
  }

  @Test("edge_group_index decides which weight belongs to which edge") func obeysGroupIndex() throws {
    #expect(try ConnectionList.read(path: fixture("edges-permuted.h5")).weight == [4, -2, 1.5, 0.5])
  }

  @Test(
    "A bad edges file is refused with its fault",
    arguments: [("two-groups", "edge groups \"0\", \"1\""), ("bad-index", "edge_group_index points to 99")])
  func refusesBadSONATA(_ name: String, _ fault: String) {
    let message = problem { try ConnectionList.read(path: fixture("edges-\(name).h5")) }
    #expect(message.contains(fault), "\(message)")
  }

  @Test("npz and CSV lists are read by name, whatever the order of columns") func readsOthers() throws {
    let directory = try TemporaryDirectory()
    let expected = ConnectionList(pre: [0, 1, 2], post: [1, 2, 0], weight: [0.5, -0.5, 1], delay: [1, 1.5, 2])
    #expect(try ConnectionList.read(path: fixture("connections.npz")) == expected)
    let text = "delay;weight;pre;post\n1;0.5;0;1\n1.5;-5e-1;1;2\n2;+1;2;0\n"
    #expect(try ConnectionList.read(path: directory.write(text, to: "c.csv")) == expected)
    let bare = try ConnectionList.read(path: directory.write("pre,post\n3,4\n", to: "d.csv"))
    #expect(bare == ConnectionList(pre: [3], post: [4]))
  }

  @Test(
    "A bad connection list is refused with its fault",
    arguments: [
      ("pre,weight\n1,2\n", "has no column \"post\""), ("pre,post,delay\n1,2,-1\n", "delay of connection 0 is -1.0 ms"),
      ("pre,post\n1.5,2\n", "x.csv:2: \"1.5\" is not a neuron id"), ("pre,post,post\n1,2,3\n", "two columns \"post\""),
    ])
  func refusesBadText(_ text: String, _ fault: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(text, to: "x.csv")
    let message = problem { try ConnectionList.read(path: path) }
    #expect(message.contains(fault), "\(message)")
  }
}
