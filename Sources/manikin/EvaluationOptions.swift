import ArgumentParser

/// What is evaluated, and on what; each is a key of a recipe, and overrides the recipe's value.
struct EvaluationOptions: ParsableArguments {
  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "'repeated' for several splits, 'paper' for one as in the paper (default: repeated).", valueName: "name"))
  var evaluationProtocol: String?

  @Option(help: ArgumentHelp("How many splits (default: 5).", valueName: "n"))
  var splits: String?

  @Option(
    help: ArgumentHelp("Classifier trainings for each method and split (default: by protocol).", valueName: "n"))
  var runs: String?

  @Option(help: ArgumentHelp("Methods to compare, with commas between them (default: all).", valueName: "names"))
  var methods: String?

  @Option(help: ArgumentHelp("Train on 'synthetic' images alone or 'both' (default: both).", valueName: "set"))
  var trainOn: String?

  @Option(
    help: ArgumentHelp("How points become images: residual, observe or decode (default: residual).", valueName: "way"))
  var render: String?

  @Option(help: ArgumentHelp("Synthetic images of each class (default: 500).", valueName: "n"))
  var syntheticPerClass: String?

  @Option(
    help: ArgumentHelp("Also score on these images of another place, with the same classes.", valueName: "folder"))
  var test: String?

  @Option(help: ArgumentHelp("A table with the classes of those images.", valueName: "file"))
  var testLabels: String?

  @Option(
    help: ArgumentHelp("Divide by 'subject', 'site-stratified', or test on one 'site' at a time.", valueName: "way"))
  var splitBy: String?

  var overrides: [(key: String, value: String?, option: String)] {
    [
      ("evaluation.protocol", evaluationProtocol, "--protocol"), ("evaluation.splits", splits, "--splits"),
      ("evaluation.runs", runs, "--runs"), ("evaluation.methods", methods, "--methods"),
      ("evaluation.train-on", trainOn, "--train-on"), ("synthetic.render", render, "--render"),
      ("evaluation.synthetic-per-class", syntheticPerClass, "--synthetic-per-class"),
      ("data.test", test, "--test"), ("data.test-labels", testLabels, "--test-labels"),
      ("data.split.by", splitBy, "--split-by"),
    ]
  }
}
