import SNNDynamics

extension Catalogue {
  /// The connection rules that every network file may use.
  public static let standardRules: [any ConnectionRule.Type] = [
    AllToAll.self, OneToOne.self, FixedIndegree.self, FixedOutdegree.self, FixedTotalNumber.self, PairwiseBernoulli.self,
    PairList.self, PairFile.self,
  ]
}
