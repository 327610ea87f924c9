import Networks

extension Variable {
  /// What a discriminator that gives these logits loses on items: the mean of softplus(-logit) where they are real, of
  /// softplus(logit) where they are made. Its opponent's loss is that of the other kind.
  ///
  /// - Parameter isReal: what the discriminator is to say.
  func discriminatorLoss(isReal: Bool) -> Variable { ((isReal ? -1 : 1) * self).softplus().mean() }
}
