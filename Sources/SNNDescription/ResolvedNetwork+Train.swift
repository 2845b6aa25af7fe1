import SNNSignals

extension ResolvedNetwork {
  func json(_ plan: TrainPlan) -> JSONText {
    var members: [Member] = [("rule", .text(plan.rule))]
    members += fields(plan.fields, of: vocabulary.entry(.learner, plan.rule))
    members.append(("data", .text(plan.data)))
    if let evaluate = plan.evaluate {
      members.append(("evaluate", .object([("data", .text(evaluate)), ("every", .integer(plan.every))])))
    }
    members += [
      ("epochs", .integer(plan.epochs)), ("batch", .integer(plan.batch)), ("seed", .unsigned(plan.seed)),
      ("shuffle", .boolean(plan.shuffles)), ("encoder", .array(plan.encoders.map(json))),
    ]
    if !plan.tasks.isEmpty { members.append(("tasks", .array(plan.tasks.map(json)))) }
    if let initial = plan.initial { members.append(("initial", .text(initial))) }
    return .object(members)
  }

  private func json(_ plan: EncoderPlan) -> JSONText {
    .object([("type", .text(plan.type))] + fields(plan.fields, of: vocabulary.entry(.encoder, plan.type)))
  }

  private func json(_ plan: TaskPlan) -> JSONText {
    var members: [Member] = [("permutation", .integer(plan.permutation))]
    if let classes = plan.classes { members.append(("classes", .array(classes.map { .integer($0) }))) }
    if let data = plan.data { members.append(("data", .text(data))) }
    if let evaluate = plan.evaluate { members.append(("evaluate", .text(evaluate))) }
    return .object(members)
  }
}
