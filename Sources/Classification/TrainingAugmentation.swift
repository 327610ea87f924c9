/// What is done to training images each time that they are seen.
public enum TrainingAugmentation: Sendable, Equatable {
  case none
  /// Each image is changed a little by itself.
  case classical(ClassicalAugmentation)
  /// Each image's shape is changed by a smooth random deformation.
  case elastic(ElasticAugmentation)
  /// Each image and its class are mixed with another image of the batch.
  case mixup(Mixup)
}
