import Foundation
import SNNTestSupport
import Testing

@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct CataloguePagesTests {
  static let neurons = [
    "iaf_psc_delta", "iaf_psc_exp", "iaf_psc_alpha", "iaf_cond_exp", "iaf_cond_alpha", "aeif_cond_exp", "aeif_psc_delta_clopath",
    "izhikevich", "parrot_neuron", "astrocyte_lr_1994", "astrocyte_depitta_2018", "aeif_cond_alpha_astro",
  ]
  static let inputs = ["poisson", "spikes", "dc", "steps", "sine", "noise"]
  static let rules = [
    "all_to_all", "one_to_one", "fixed_indegree", "fixed_outdegree", "fixed_total_number", "pairwise_bernoulli", "list", "file",
    "third_factor_bernoulli_with_pool",
  ]

  static let training = [
    "direct", "rate", "latency", "population", "bins", "filter_bank", "standardise", "times", "idx", "npz", "csv", "shd",
    "wav_dir",
    "event_dir",
  ]

  @Test("models lists every neuron, input and rule of the contract, and has a page with equations and source for each")
  func pages() throws {
    let list = try SnnsimProcess.run("models")
    #expect(list.code == 0)
    for name in Self.neurons + Self.inputs + Self.rules + Self.training {
      #expect(list.stdout.contains(name), "models does not list \(name)")
      let page = try SnnsimProcess.run("models", name)
      #expect(page.code == 0 && page.stdout.hasPrefix(name), "\(name): \(page.stderr)")
    }
    let page = try SnnsimProcess.run("models", "iaf_psc_exp").stdout
    for word in ["dV_m/dt", "tau_syn_ex", "pF", "doi:", "grid", "exact", "V_m"] { #expect(page.contains(word)) }
  }

  @Test("Every template runs as it is printed", arguments: ["single", "balanced", "exact"])
  func templates(_ name: String) throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("net.json")
    #expect(try SnnsimProcess.run("new", name, "-o", path).code == 0)
    #expect(try SnnsimProcess.run("new", name).stdout == String(contentsOfFile: path, encoding: .utf8))
    let run = try SnnsimProcess.run(["run", path, "--json"], in: directory.path)
    #expect(run.code == 0, "\(run.stderr)")
    #expect((run.object?["spikes"] as? Int ?? 0) > 0)
    #expect(try SnnsimProcess.run("check", path).code == 0)
  }

  @Test(
    "The schema is valid draft-07 and accepts every network we ship and every resolved one",
    .enabled(if: Python.has("jsonschema"), "needs jsonschema"))
  func schema() throws {
    let directory = try TemporaryDirectory()
    let schema = try SnnsimProcess.run("schema")
    #expect(schema.code == 0)
    let path = try directory.write(schema.stdout, to: "schema.json")
    let networks = SnnsimProcess.root.appendingPathComponent("networks").path
    let run = try WholeRun(SnnsimProcess.run("new", "single").stdout)
    let text = try Python.run(
      """
      import sys, json, re, glob, jsonschema
      def load(path):
        text = open(path).read()
        return json.loads(re.sub(r'("(?:\\\\.|[^"\\\\])*")|//[^\\n]*', lambda m: m.group(1) or '', text))
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft7Validator.check_schema(schema)
      validator = jsonschema.Draft7Validator(schema)
      files = sorted(glob.glob(sys.argv[2] + '/*.json')) + sys.argv[3:]
      for f in files:
        for e in validator.iter_errors(load(f)): print(f, list(e.absolute_path), e.message[:200])
      broken = load(sys.argv[3])
      broken['populations']['neuron']['modell'] = 1
      assert list(validator.iter_errors(broken)), 'the schema accepts an unknown key'
      print('checked', len(files) >= 2)
      """, path, networks, run.output + "/net.json", run.output + "/net.resolved.json")
    #expect(text == "checked True")
  }
}
