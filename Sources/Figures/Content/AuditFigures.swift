/// What each method's images give away of the training images.
public struct AuditFigures: Sendable, Equatable {
  /// What was found of one method.
  public struct Method: Sendable, Equatable {
    public var name: String
    /// In plain words.
    public var verdict: String
    /// The data-copying test's z: below 0 when synthetic images lie nearer to the training images than unseen ones do.
    public var copying: Double?
    /// How well the images tell who was trained on, an area under the ROC curve, with its 95 % interval.
    public var membership: Double?
    public var membershipInterval: ClosedRange<Double>?
    public var classes: [ClassFigures]

    /// Takes every value as given.
    public init(
      name: String, verdict: String, copying: Double?, membership: Double?, membershipInterval: ClosedRange<Double>?,
      classes: [ClassFigures]
    ) {
      (self.name, self.verdict, self.copying) = (name, verdict, copying)
      (self.membership, self.membershipInterval, self.classes) = (membership, membershipInterval, classes)
    }
  }

  /// What was found of one class; distances are medians to the nearest training image, shares in [0, 1].
  public struct ClassFigures: Sendable, Equatable {
    public var className: String
    public var images: Int
    public var copies: Int
    public var nearCopies: Int
    public var distance: Double
    /// Nil, as the share, without held-out images.
    public var heldOutDistance: Double?
    /// Of training images to one another.
    public var trainingDistance: Double
    public var authentic: Double
    public var heldOutAuthentic: Double?

    /// Takes every value as given.
    public init(
      className: String, images: Int, copies: Int, nearCopies: Int, distance: Double, heldOutDistance: Double?,
      trainingDistance: Double, authentic: Double, heldOutAuthentic: Double?
    ) {
      (self.className, self.images, self.copies, self.nearCopies) = (className, images, copies, nearCopies)
      (self.distance, self.heldOutDistance, self.trainingDistance) = (distance, heldOutDistance, trainingDistance)
      (self.authentic, self.heldOutAuthentic) = (authentic, heldOutAuthentic)
    }
  }

  public var methods: [Method]
  /// What the unseen images are, such as `the 54 validation and test images`; nil without any.
  public var heldOut: String?

  /// Takes every value as given.
  public init(methods: [Method], heldOut: String?) {
    (self.methods, self.heldOut) = (methods, heldOut)
  }
}
