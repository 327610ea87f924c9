import Files
import ImageFiles
import ImageSets

/// Images and labels in a NumPy archive (`.npz`): those of a MedMNIST set (`train_images`, `train_labels`, `val_...`,
/// `test_...`), of Keras' files (`x_train`, `y_train`, ...), or one pair (`images`, `labels`, or `x`, `y`).
///
/// Images are `[image, row, column]`, `[image, row, column, channel]` with 1 or 3 channels, `[image, channel, row, column]`
/// likewise, or volumes, `[image, z, y, x]`. Labels are `[image]`, `[image, 1]`, or `[image, column]` of which one column is
/// taken. An archive says nothing of anatomy: rows and columns are those of the array, and nothing is flipped.
///
/// Source: Yang and others, "MedMNIST v2", Scientific Data 10 (2023), "Data Records"; NumPy, `numpy.savez`.
package struct NPZFile: Sendable {
  private struct Part: Sendable {
    var side: Split?
    var images: NumPyArray
    var labels: NumPyArray
  }

  let path: String
  private let parts: [Part]
  /// Names of arrays that are neither images nor labels.
  let others: [String]

  /// The names of images and labels that belong together, lower case, by side.
  private static let pairs: [(side: Split?, images: String, labels: String)] =
    [(Split.train, "train"), (.validation, "val"), (.test, "test")].flatMap { side, word in
      [(side, "\(word)_images", "\(word)_labels"), (side, "x_\(word)", "y_\(word)")]
    } + [(nil, "images", "labels"), (nil, "x", "y")]

  /// - Throws: `ImagingError` for an archive without such pairs, and for arrays that are damaged or no numbers.
  init(_ source: ArrayFile.Source) throws {
    path = source.path
    let archive = try ZipArchive(source)
    func refuse(_ reason: String, _ remedy: String) -> ImagingError {
      .unreadable(path: source.path, reason: reason, remedy: remedy)
    }
    var members: [String: ZipArchive.Member] = [:]
    for member in archive.members where member.name.hasSuffix(".npy") {
      guard members.updateValue(member, forKey: String(member.name.dropLast(4)).lowercased()) == nil else {
        throw refuse("two of its arrays are called \(TextList.printable(member.name))", "rename one of them")
      }
    }
    guard !members.isEmpty else {
      throw refuse("it is a ZIP archive without NumPy arrays", "unpack it and name the files in it")
    }
    var taken = Set<String>()
    var parts: [Part] = []
    for pair in Self.pairs {
      guard members[pair.images] != nil || members[pair.labels] != nil else { continue }
      guard let images = members[pair.images], let labels = members[pair.labels] else {
        let (there, missing) =
          members[pair.images] != nil ? (pair.images, pair.labels) : (pair.labels, pair.images)
        throw refuse("it has \(there) and no \(missing)", "save both in it")
      }
      taken.formUnion([pair.images, pair.labels])
      guard !parts.contains(where: { $0.side == pair.side }) else {
        throw refuse(
          "it has two sets of images for \(pair.side?.rawValue ?? "all")", "save one of them alone")
      }
      parts.append(
        Part(
          side: pair.side, images: try NumPyArray(images, in: archive), labels: try NumPyArray(labels, in: archive)))
    }
    guard !parts.isEmpty else {
      let names = members.values.map { TextList.printable(String($0.name.dropLast(4))) }.sortedBytewise()
      throw refuse(
        "its arrays (\(TextList.firstFew(names))) have none of the names of images and labels",
        "save them as train_images and train_labels, x_train and y_train, or images and labels")
    }
    guard Set(parts.map { $0.side == nil }).count == 1 else {
      throw refuse("it has images of a side and images of none", "save one kind alone")
    }
    self.parts = parts
    others = members.filter { !taken.contains($0.key) }
      .map { TextList.printable(String($0.value.name.dropLast(4))) }.sortedBytewise()
  }

  /// Which columns of labels and which slices are taken.
  ///
  /// - Returns: the images with their labels, by the side that the arrays' names state.
  /// - Throws: `ImagingError` for images and labels that do not belong together, are of other shapes or out of range, and
  ///   for options that the arrays want or do not take.
  package func labelled(_ options: ArrayOptions) throws -> [(side: Split?, array: LabelledArray)] {
    try parts.map { ($0.side, try labelled($0, options)) }
  }

  private func refuse(_ array: NumPyArray, _ reason: String, _ remedy: String) -> ImagingError {
    .unreadable(path: path, reason: "its \(TextList.printable(array.name)) \(reason)", remedy: remedy)
  }

  private func labelled(_ part: Part, _ options: ArrayOptions) throws -> LabelledArray {
    let images = part.images
    let (size, channels, layout, format) = try shape(of: images, options)
    let labels = try labels(part.labels, options)
    guard labels.count == images.shape[0] else {
      throw refuse(
        images,
        "has \(TextList.count(images.shape[0], "image")) and its \(part.labels.name) \(TextList.count(labels.count, "label"))",
        "save images and labels that belong together")
    }
    guard let octets = images.octets else {
      throw refuse(
        images, "holds values (\(images.type.rawValue)) other than whole numbers from 0 to 255",
        "scale them to that range and save them with x.astype('uint8')")
    }
    return LabelledArray(
      path: path, format: format, size: size, channels: channels, bytes: octets, layout: layout, labels: labels)
  }

  /// How the images lie; of volumes the chosen slice.
  private func shape(
    of images: NumPyArray, _ options: ArrayOptions
  ) throws -> (ImageSize, channels: Int, LabelledArray.Layout, format: String) {
    let (shape, strides) = (images.shape, images.strides)
    let text = shape.map(String.init).joined(separator: " x ")
    func flat(
      _ row: Int, _ column: Int, _ channel: Int?
    ) throws -> (ImageSize, channels: Int, LabelledArray.Layout, format: String) {
      if options.plane != nil || options.slice != nil {
        throw refuse(images, "holds flat images (\(text)), no volumes", "leave --plane and --slice out")
      }
      return try checked(row, column, channel: channel, start: 0, format: "NumPy")
    }
    func checked(
      _ row: Int, _ column: Int, channel: Int?, start: Int, format: String
    ) throws -> (ImageSize, channels: Int, LabelledArray.Layout, format: String) {
      let size = ImageSize(height: shape[row], width: shape[column])
      guard size.isUsable else { throw refuse(images, "has images of \(size)", "save images of 16384 pixels at most") }
      let layout = LabelledArray.Layout(
        start: start, image: strides[0], row: strides[row], column: strides[column],
        channel: channel.map { strides[$0] } ?? 0)
      return (size, channel.map { shape[$0] } ?? 1, layout, format)
    }
    switch shape.count {
    case 3: return try flat(1, 2, nil)
    case 4 where [1, 3].contains(shape[3]): return try flat(1, 2, 3)
    case 4 where [1, 3].contains(shape[1]): return try flat(2, 3, 1)
    case 4:
      guard let plane = options.plane else {
        throw refuse(
          images, "holds volumes (\(text))",
          "say which plane to take a slice of: --plane axial (across the second of the array's axes), coronal (the third) "
            + "or sagittal (the fourth)")
      }
      let axis = [Plane.axial: 1, .coronal: 2, .sagittal: 3][plane]!
      let index = options.slice ?? shape[axis] / 2
      guard (0..<shape[axis]).contains(index) else {
        throw refuse(
          images, "has no \(plane.rawValue) slice number \(index)", "choose one of 0 to \(shape[axis] - 1) with --slice"
        )
      }
      let others = [1, 2, 3].filter { $0 != axis }
      return try checked(
        others[0], others[1], channel: nil, start: index * strides[axis],
        format: "NumPy, \(plane.rawValue) slice \(index) of \(shape[axis])")
    default:
      throw refuse(
        images, "is of \(TextList.count(shape.count, "dimension")) (\(text))",
        "save images of [image, row, column] or volumes of [image, z, y, x]")
    }
  }

  private func labels(_ labels: NumPyArray, _ options: ArrayOptions) throws -> [Int] {
    let shape = labels.shape
    let text = shape.map(String.init).joined(separator: " x ")
    guard shape.count == 1 || shape.count == 2 else {
      throw refuse(labels, "is no list of labels (\(text))", "save one label for each image")
    }
    let columns = shape.count == 1 ? 1 : shape[1]
    guard columns == 1 || options.labelColumn != nil else {
      throw refuse(
        labels, "has \(columns) labels for each image (\(text))",
        "choose the one that says the class, from 0 to \(columns - 1), as in --label-column 0")
    }
    let column = options.labelColumn ?? 0
    guard (0..<columns).contains(column) else {
      throw refuse(
        labels, "has no column \(column)",
        columns == 1 ? "leave --label-column out" : "choose one of 0 to \(columns - 1)")
    }
    let start = shape.count == 1 ? 0 : column * labels.strides[1]
    return try (0..<shape[0]).map { index in
      let value = labels[start + index * labels.strides[0]]
      guard let label = Int(exactly: value), (0...65535).contains(label) else {
        throw refuse(
          labels, "has the label \(value) for image \(index + 1), which is no whole number from 0 to 65535",
          "save the classes as numbers from 0")
      }
      return label
    }
  }
}
