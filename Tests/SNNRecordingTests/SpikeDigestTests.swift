import Testing

@testable import SNNRecording

@Suite struct SpikeDigestTests {
  /// hashlib.sha256(b"".join(struct.pack("<qII", ps, population, id) for each spike, sorted)).hexdigest()
  @Test("The digest is that of Python's hashlib over the sorted records") func equalsHashlib() {
    let digest = SpikeDigest()
    digest.take(window(0, [[(0.1, 2), (0.250000001, 0)], [(0.1, 3), (0.1, 7)]]))
    #expect(digest.hex == "a497543b6fc3683320d1d5528c9a892b8717c891c3aa67adf34cb4c83d977e77")
    #expect(digest.count == 4)
  }

  @Test("It does not depend on where windows end") func ignoresWindows() {
    let digest = SpikeDigest()
    digest.take(window(0, [[(0.1, 2)], [(0.1, 3), (0.1, 7)]]))
    digest.take(window(0.2, [[], []]))
    digest.take(window(0.2, [[(0.250000001, 0)], []]))
    #expect(digest.hex == "a497543b6fc3683320d1d5528c9a892b8717c891c3aa67adf34cb4c83d977e77")
  }

  @Test("It tells populations and ids apart") func tellsApart() {
    let inputs = [window(0, [[(0.5, 1)], []]), window(0, [[], [(0.5, 1)]]), window(0, [[(0.5, 2)], []])]
    let digests = inputs.map { spikes in
      let digest = SpikeDigest()
      digest.take(spikes)
      return digest.hex
    }
    #expect(Set(digests).count == 3)
  }
}
