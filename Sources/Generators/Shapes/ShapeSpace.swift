import Parallelism
import Randomness
import Tensors

/// The shapes of a cohort's training images: a template, and for every image the velocity whose exponential brings the template to it.
/// Velocities add up, so shapes can be compared and carried from one image to another. Shapes are those of the luminance, and all channels
/// of an image take them.
public struct ShapeSpace: Sendable {
  private let registration: Registration
  private let images: [Tensor]
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
  ///   - classes: the training images of each class, `[image, height, width, channel]`, values in [0, 1], at least 4 x 4 pixels.
  ///   - steps: of each registration.
  ///   - onImage: called as registrations end, on any thread.
  public init(_ classes: [Tensor], steps: Int = usualSteps, onImage: @escaping @Sendable () -> Void = {}) {
    precondition(classes.contains { $0.shape[0] > 0 }, "no images")
    let (height, width) = (classes[0].shape[1], classes[0].shape[2])
    images = classes
    let classes = classes.map(\.luminance)
    let registration = Registration(height: height, width: width)
    let pixels = height * width
    @Sendable func image(_ set: Tensor, _ index: Int) -> [Float] {
      Array(set.buffer[index * pixels..<(index + 1) * pixels])
    }
    func register(_ set: Tensor, to template: [Float], steps: Int) -> [[Float]] {
      concurrentMap(set.shape[0]) { index in
        defer { onImage() }
        return registration.velocity(from: template, to: image(set, index), steps: steps)
      }
    }
    // The template is the mean of the largest class in its mean shape, found in two rounds.
    largest = classes.indices.max { classes[$0].shape[0] < classes[$1].shape[0] }!
    let many = classes[largest]
    let count = many.shape[0]
    func mean(_ images: [[Float]]) -> [Float] {
      var sum = [Float](repeating: 0, count: images[0].count)
      for image in images { for index in sum.indices { sum[index] += image[index] } }
      return sum.map { $0 / Float(images.count) }
    }
    var template = mean((0..<count).map { image(many, $0) })
    for _ in 0..<2 {
      let found = register(many, to: template, steps: steps / 2)
      let middle = mean(found)
      let still = [Float](repeating: 0, count: middle.count)
      template = mean(
        concurrentMap(count) { index in
          registration.reshaped(
            image(many, index), from: zip(found[index], middle).map { $0 - $1 }, to: still)
        })
    }
    velocities = classes.map { register($0, to: template, steps: steps) }
    self.registration = registration
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
    let channels = set.shape[3]
    let length = registration.grid.pixels * channels
    let made = concurrentMap(count) { draw -> [Float] in
      let (source, (one, other)) = (sources[draw], pairs[draw])
      let changed = shapes[source].indices.map { shapes[source][$0] + others[one][$0] - others[other][$0] }
      return registration.reshaped(
        Array(set.buffer[source * length..<(source + 1) * length]), channels: channels, from: shapes[source],
        to: changed)
    }
    let result = Tensor([count] + set.shape.dropFirst()) { target in
      for (draw, image) in made.enumerated() {
        for place in 0..<length { target[draw * length + place] = image[place] }
      }
    }
    return Draw(images: result, sources: sources)
  }
}
