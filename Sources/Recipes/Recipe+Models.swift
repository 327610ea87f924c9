extension Recipe {
  /// Whether an evaluation trains generative models: a method draws images, curves between images are asked for, or no classifier
  /// is trained, so that the models are what the run is for.
  ///
  /// Models are trained for `deformation` too: its images are written as those of a model are.
  package var needsModels: Bool {
    evaluation.runs == 0 || interpolation.from != nil || evaluation.methods.contains { $0.synthetic != nil }
  }
}
