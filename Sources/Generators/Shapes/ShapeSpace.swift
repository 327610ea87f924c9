import Parallelism
import Randomness
import Tensors

/// The shapes of a cohort's training images: a template, and for every image the velocity whose exponential brings the template to it.
/// Velocities add up, so shapes can be compared and carried from one image to another. Shapes are those of the luminance, and all channels
/// of an image take them. Images are taken from where they lie, a few at a time; what stays in memory is the velocities.
public struct ShapeSpace: Sendable {
  private let registration: Registration
  private let images: [TensorRows]
  /// `[class][image]`.
  private let velocities: [[[Float]]]
  private let largest: Int

  /// An image that was drawn, and what it was made of.
  public struct Draw: Sendable {
    /// `[image, height, width, channel]`, values in [0, 1].
    public let images: Tensor
    /// The image of the class that each was made from.
    public let sources: [Int]
  }

  /// Steps of a registration, where nothing else is asked for.
  public static let usualSteps = 120

  /// Registers every image.
  ///
  /// - Parameters:
  ///   - classes: the training images of each class, `[height, width, channel]` each, values in [0, 1], at least 4 x 4 pixels.
  ///   - steps: of each registration.
  ///   - onImage: called as registrations end, on any thread.
  public init(_ classes: [TensorRows], steps: Int = usualSteps, onImage: @escaping @Sendable () -> Void = {}) {
    precondition(classes.contains { $0.count > 0 }, "no images")
    images = classes
    let registration = Registration(height: classes[0].rowShape[0], width: classes[0].rowShape[1])
    @Sendable func image(_ set: TensorRows, _ index: Int) -> [Float] {
      set.rows(index..<index + 1).luminance.values
    }
    func register(_ set: TensorRows, to template: [Float], steps: Int) -> [[Float]] {
      concurrentMap(set.count) { index in
        defer { onImage() }
        return registration.velocity(from: template, to: image(set, index), steps: steps)
      }
    }
    // The template is the mean of the largest class in its mean shape, found in two rounds.
    largest = classes.indices.max { classes[$0].count < classes[$1].count }!
    let many = classes[largest]
    var template = Self.mean(many.count) { image(many, $0) }
    for _ in 0..<2 {
      let found = register(many, to: template, steps: steps / 2)
      let middle = Self.mean(found.count) { found[$0] }
      let still = [Float](repeating: 0, count: middle.count)
      template = Self.mean(many.count) { index in
        registration.reshaped(image(many, index), from: zip(found[index], middle).map { $0 - $1 }, to: still)
      }
    }
    velocities = classes.map { register($0, to: template, steps: steps) }
    self.registration = registration
  }

  /// The mean of some lists of numbers, which are made on several threads, some at a time, and added up in their order.
  private static func mean(_ count: Int, _ list: @Sendable (Int) -> [Float]) -> [Float] {
    var sum: [Float] = []
    for range in pieces(of: count) {
      for values in concurrentMap(range.count, { list(range.lowerBound + $0) }) {
        if sum.isEmpty { sum = [Float](repeating: 0, count: values.count) }
        for index in sum.indices { sum[index] += values[index] }
      }
    }
    return sum.map { $0 / Float(count) }
  }

  /// Images that are in memory together.
  private static func pieces(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: 256).map { $0..<min($0 + 256, count) }
  }

  /// Bytes that the shapes of an image take, those of the template's rounds included.
  public static func bytesPerImage(height: Int, width: Int) -> Int {
    2 * (4 * Registration(height: height, width: width).velocityCount + 32)
  }

  /// How often `onImage` is called for classes of these sizes.
  public static func registrations(_ counts: [Int]) -> Int { counts.reduce(0, +) + 2 * (counts.max() ?? 0) }

  /// Draws images of a class: each is one of its training images, its shape changed by the difference between the shapes of two images
  /// of the largest class. Every training image is used before any is used again.
  ///
  /// - Parameters:
  ///   - index: of the class, from 0.
  ///   - count: images to draw, at least 0.
  ///   - stream: chooses the order of the training images and the pairs of shapes.
  public func draw(class index: Int, count: Int, stream: RandomStream) -> Draw {
    var random = stream
    let (set, shapes, others) = (images[index], velocities[index], velocities[largest])
    let sources = random.rounds(of: shapes.count, count: count)
    let pairs = sources.map { _ -> (Int, Int) in
      let one = random.index(below: others.count)
      guard others.count > 1 else { return (one, one) }
      let other = random.index(below: others.count - 1)
      return (one, other < one ? other : other + 1)
    }
    let channels = set.rowShape[2]
    let length = registration.grid.pixels * channels
    let result = Tensor([count] + set.rowShape) { target in
      for range in Self.pieces(of: count) {
        let made = concurrentMap(range.count) { place -> [Float] in
          let (source, (one, other)) = (sources[range.lowerBound + place], pairs[range.lowerBound + place])
          let changed = shapes[source].indices.map { shapes[source][$0] + others[one][$0] - others[other][$0] }
          return registration.reshaped(
            set.rows(source..<source + 1).values, channels: channels, from: shapes[source], to: changed)
        }
        for (draw, image) in zip(range, made) {
          for place in 0..<length { target[draw * length + place] = image[place] }
        }
      }
    }
    return Draw(images: result, sources: sources)
  }
}
