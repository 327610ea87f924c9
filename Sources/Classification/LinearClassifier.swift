import Geometry
import Randomness
import Tensors

/// What can be told of the classes without a network: a linear discriminant on the principal components of the pixels.
///
/// How many components are used is chosen by cross-validation over the training images' subjects: the number with the best
/// balanced accuracy, of equals the smallest. The components themselves know no class and are found once, of all training
/// images (of `mostForAxes`, evenly chosen, where there are more).
public struct LinearClassifier: Sendable {
  let components: PrincipalComponents
  let discriminant: LinearDiscriminant
  /// How many components are used.
  public let count: Int
  let classes: Int

  /// Images of which the components are found at most: the work grows with the cube of their number.
  static let mostForAxes = 1000
  /// Numbers of components that are tried, as far as there are so many, and all there are.
  static let tried = [5, 10, 20, 40, 80, 160, 320]
  private static let foldCount = 5
  /// Images that are brought to double precision at a time.
  private static let batch = 256

  /// Finds the components, chooses how many of them to use, and fits the discriminant.
  ///
  /// - Parameters:
  ///   - images: `[height, width, channel]` each.
  ///   - labels: the class of each, 0 ..< classes, every class at least once.
  ///   - subjects: who is in each; a subject's images are left out together.
  ///   - classes: how many there are, at least 2.
  ///   - stream: decides which subjects are left out together in the cross-validation.
  /// - Throws: `GeometryError.notPositiveDefinite` when the images of a class do not differ.
  public init(
    images: TensorRows, labels: [Int], subjects: [String], classes: Int, stream: RandomStream
  ) throws {
    precondition(images.count == labels.count && labels.count == subjects.count, "\(images.count) images")
    let number = min(images.count, Self.mostForAxes)
    let chosen = (0..<number).map { $0 * images.count / number }
    guard let components = PrincipalComponents(of: Self.pixels(images, chosen)) else {
      throw GeometryError.notPositiveDefinite(what: "the covariance of the images, which are all alike,", order: 1)
    }
    self.components = components
    self.classes = classes
    let coordinates = Self.project(images, components)
    let all = coordinates.columns
    let numbers = Self.tried.filter { $0 < all } + [all]
    let folds = Self.folds(of: subjects, labels, classes: classes, stream: stream)
    var best: (count: Int, score: Double)?
    if folds.count > 1, numbers.count > 1 {
      for count in numbers {
        let score = try Self.crossValidated(coordinates.firstColumns(count), labels, classes, folds)
        if score > best?.score ?? -1 { best = (count, score) }
      }
    }
    count = best?.count ?? all
    discriminant = try LinearDiscriminant(
      points: coordinates.firstColumns(count), labels: labels, classes: classes)
  }

  /// The probability of each class for each image: `[image, class]`.
  public func probabilities(_ images: TensorRows) -> Tensor {
    let rows = discriminant.probabilities(Self.project(images, components).firstColumns(count))
    return Tensor([images.count, classes], values: rows.flatMap { $0.map(Float.init) })
  }

  /// Which images are left out together: subjects are dealt out class by class, so that every fold has its share of each. As
  /// many folds as the smallest class has subjects, at most five; none for fewer than two.
  private static func folds(
    of subjects: [String], _ labels: [Int], classes: Int, stream: RandomStream
  ) -> [[Int]] {
    var labelOf: [String: Int] = [:]
    for (subject, label) in zip(subjects, labels) where labelOf[subject] == nil { labelOf[subject] = label }
    let members = (0..<classes).map { label in labelOf.filter { $0.value == label }.keys.sorted() }
    let count = min(foldCount, members.map(\.count).min() ?? 0)
    guard count > 1 else { return [] }
    var foldOf: [String: Int] = [:]
    for (label, names) in members.enumerated() {
      var stream = stream.substream("folds", index: label)
      for (place, index) in stream.permutation(names.count).enumerated() { foldOf[names[index]] = place % count }
    }
    return (0..<count).map { fold in subjects.indices.filter { foldOf[subjects[$0]] == fold } }
  }

  private static func crossValidated(
    _ points: Matrix, _ labels: [Int], _ classes: Int, _ folds: [[Int]]
  ) throws -> Double {
    var predicted = [Int](repeating: 0, count: labels.count)
    for held in folds {
      let isHeld = Set(held)
      let kept = labels.indices.filter { !isHeld.contains($0) }
      let keptLabels = kept.map { labels[$0] }
      // A subject with images of several classes may take a class's last image out.
      guard Set(keptLabels).count == classes else { return 0 }
      let model = try LinearDiscriminant(points: points.selectingRows(kept), labels: keptLabels, classes: classes)
      for (index, row) in zip(held, model.probabilities(points.selectingRows(held))) {
        predicted[index] = row.indices.max { row[$0] < row[$1] } ?? 0
      }
    }
    return Scores(actual: labels, predicted: predicted, classes: classes).balancedAccuracy ?? 0
  }

  private static func project(_ images: TensorRows, _ components: PrincipalComponents) -> Matrix {
    var values: [Double] = []
    for start in stride(from: 0, to: images.count, by: batch) {
      values += components.project(pixels(images, Array(start..<min(images.count, start + batch)))).values
    }
    return Matrix(rows: images.count, columns: components.axes.rows, values: values)
  }

  private static func pixels(_ images: TensorRows, _ positions: [Int]) -> Matrix {
    let rows = images.rows(positions)
    return Matrix(
      rows: positions.count, columns: images.rowShape.reduce(1, *), values: rows.buffer.map(Double.init))
  }
}

extension Matrix {
  /// The first columns of every row.
  func firstColumns(_ count: Int) -> Matrix {
    guard count < columns else { return self }
    return Matrix(
      rows: rows, columns: count,
      values: (0..<rows).flatMap { values[$0 * columns..<$0 * columns + count] })
  }
}
