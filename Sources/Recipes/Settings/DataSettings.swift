import ImageFiles

/// Where the images come from.
public enum DataSource: Sendable, Equatable {
  /// A folder of images, as an absolute path.
  case folder(String)
  /// The embedded phantom.
  case phantom(PhantomSettings)
  /// Disks and rings.
  case shapes(ShapesSettings)
}

/// The images and how they are divided.
public struct DataSettings: Sendable, Equatable {
  /// nil: the command line has to name a folder.
  public var source: DataSource?
  /// A table of subjects and classes, as an absolute path.
  public var labels: String?
  public var idColumn = "participant_id"
  public var classColumn = "class"
  /// The table's column of subjects; nil: the first of `subject`, `subject_id` and `participant_id` there is.
  public var subjectColumn: String?
  /// A regular expression whose first group is the subject, or `none`; nil: by the conventions in use.
  public var subjectPattern: String?
  /// Whether a given split is scored that has a person or an image on two sides.
  public var allowsLeaks = false
  /// The plane to take from volumes; nil: the images are slices already.
  public var plane: Plane?
  /// Which slice of that plane; nil: the middle one.
  public var slice: SlicePosition?
  /// Which image of a file that holds a series, from 0; nil: such a file is refused.
  public var volume: Int?
  public var split = SplitSettings()
  /// Training subjects of the smallest class that are used at most; nil: all.
  public var minority: Int?
  /// Columns of the table that the method `covariates` goes by.
  public var covariates: [String] = []
  /// Images of another place that are scored beside the test images, as an absolute path.
  public var test: String?
  /// The table of these, as an absolute path.
  public var testLabels: String?
  /// The table's column that says where each image was made; nil: the first usual name there is.
  public var siteColumn: String?

  public init() {}

  /// The folder of images, if that is the source.
  public var path: String? {
    get { if case .folder(let path) = source { path } else { nil } }
    set { source = newValue.map { .folder($0) } }
  }

  /// The phantom's settings, if that is the source.
  public var phantom: PhantomSettings? {
    get { if case .phantom(let settings) = source { settings } else { nil } }
    set { source = newValue.map { .phantom($0) } }
  }

  /// The settings of disks and rings, if these are the source.
  public var shapes: ShapesSettings? {
    get { if case .shapes(let settings) = source { settings } else { nil } }
    set { source = newValue.map { .shapes($0) } }
  }
}

/// The shares of subjects, stratified by class, when the data are not split already.
public struct SplitSettings: Sendable, Equatable {
  public var train = 0.7
  public var validation = 0.1
  public var test = 0.2
  public var by = SplitScheme.subject

  public init() {}
}

/// What a division holds apart or alike, beyond that a subject stays on one side.
public enum SplitScheme: String, CaseIterable, Sendable {
  /// Each class has the same shares on every side.
  case subject
  /// So has each class at each site.
  case siteStratified = "site-stratified"
  /// Each split tests on all subjects of one site.
  case site
}

/// The embedded phantom cohort.
public struct PhantomSettings: Sendable, Equatable {
  public var subjects = 416
  public var minority = 100
  /// Pixels.
  public var height = 208
  /// Pixels.
  public var width = 176
  public var seed = 0

  public init() {}
}

extension DataSettings {
  private static func phantom(
    _ name: String, _ path: WritableKeyPath<PhantomSettings, Int> & Sendable, _ range: ClosedRange<Int>,
    _ meaning: String, source: String? = nil
  ) -> Setting {
    Setting(
      "data.phantom.\(name)", .integer(range), meaning, source: source,
      read: { recipe in recipe.data.phantom.map { .integer($0[keyPath: path]) } },
      write: { recipe, value in
        guard case .integer(let number) = value else { return }
        var phantom = recipe.data.phantom ?? PhantomSettings()
        phantom[keyPath: path] = number
        recipe.data.phantom = phantom
      })
  }

  private static let slice = Setting(
    "data.slice", .slice,
    "Which slice of that plane of every volume: its index, its position in the volume's coordinates, or the middle.",
    read: { $0.data.slice.map(\.settingValue) },
    write: { $0.data.slice = SlicePosition($1.plain) })

  static let sections = [
    RecipeSection(
      name: "data", meaning: "where the images come from: a path, the phantom, or shapes",
      settings: [
        .text(
          "data.path", \.data.path, as: .path,
          "A folder with a folder of images for each class, or train, val and test folders of those, or images that "
            + "a table names."),
        .text("data.labels", \.data.labels, as: .path, "A table (CSV or TSV) with the class of every subject."),
        .text("data.id-column", \.data.idColumn, "The table's column with the subjects.", source: "BIDS"),
        .text("data.class-column", \.data.classColumn, "The table's column with the classes."),
        .text(
          "data.subject-column", \.data.subjectColumn,
          "The table's column of subjects, if the ids are those of files; without it, the first that there is of "
            + "subject, subject_id and participant_id."),
        .text(
          "data.subject-pattern", \.data.subjectPattern,
          "How to find the subject: a regular expression for the file's name or its path, whose first group is the "
            + "subject; or none, which makes each file a person. Without it, common naming conventions decide."),
        .flag(
          "data.allow-leaks", \.data.allowsLeaks,
          "Whether to score a given split although a subject or an image is on two sides; the answer then says so."),
        .integer(
          "data.minority", \.data.minority, 2...1_000_000, or: "all",
          "The most training subjects of the smallest class to use; a larger number keeps those of a smaller one. "
            + "The other sides of a split stay as they are.", source: "paper, Figures 4 and 11"),
        .names(
          "data.covariates", \.data.covariates,
          "Columns of the table, such as [age, sex], for the method 'covariates': what they tell of the classes by "
            + "themselves. Numbers are taken as such, other values as categories. Without 'labels' the table is "
            + "participants.tsv in the folder of the images."),
        .text(
          "data.test", \.data.test, as: .path,
          "A folder of images of another place, such as another hospital's, of the same classes: every classifier is "
            + "scored on them too, and the report says how they differ from the training images."),
        .text(
          "data.test-labels", \.data.testLabels, as: .path,
          "The table with the classes of those images, if they are not in class folders; its columns have the names "
            + "of those of 'labels'."),
        .text(
          "data.site-column", \.data.siteColumn,
          "The column of the table (of 'labels', or participants.tsv in the folder) that says where an image was "
            + "made; without it, the first that there is of site, scanner, hospital and centre."),
        .choice("data.plane", \.data.plane, "The plane to take a slice of from every volume; slices need none."),
        slice,
        .integer(
          "data.volume", \.data.volume, 0...1_000_000, or: "none",
          "Which image to take of a file that holds a series of them (a fourth axis), from 0 as in FSL and nibabel; "
            + "none refuses such files."),
      ]),
    RecipeSection(
      name: "data.phantom", meaning: "brain slices that Manikin draws itself",
      settings: [
        phantom("subjects", \.subjects, 4...100_000, "Subjects in both classes.", source: "OASIS-1 has 416"),
        phantom("minority", \.minority, 2...99_998, "Subjects with the disease.", source: "OASIS-1 has 100"),
        phantom("height", \.height, 32...2048, "Rows of a slice.", source: "paper, Table 5: 208"),
        phantom("width", \.width, 32...2048, "Columns of a slice.", source: "paper, Table 5: 176"),
        phantom("seed", \.seed, 0...Int.max, "Which subjects: another seed draws others."),
      ]),
    ShapesSettings.section,
    RecipeSection(
      name: "data.split", meaning: "shares of subjects, when the folders are not split already",
      settings: [
        .number(
          "data.split.train", \.data.split.train, .between(0, 1), "The share to learn from.",
          source: "paper, Appendix C.3"),
        .number(
          "data.split.validation", \.data.split.validation, .within(0, 1), "The share that chooses epochs.",
          source: "paper, Appendix C.3"),
        .number(
          "data.split.test", \.data.split.test, .between(0, 1), "The share for the scores only.",
          source: "paper, Appendix C.3"),
        .choice(
          "data.split.by", \.data.split.by,
          "subject: each class has these shares on every side; site-stratified: each class at each site has them; "
            + "site: each split tests on all subjects of one site, instead of 'test', and there are as many splits as "
            + "sites."
        ),
      ]),
  ]
}
