import Files
import Foundation
import ImageFiles

extension ImportPlan {
  /// What is taken of OASIS-1.
  public struct OASISOptions: Sendable, Equatable {
    /// Whether subjects without a CDR, mostly young, are left out instead of counted as CN.
    public var requiresCDR = false
    /// Leaves out younger subjects, and those of unknown age.
    public var minimumAge: Double?
    /// What happens to the second sessions of 20 subjects.
    public var repeats = Repeats.drop

    public init(requiresCDR: Bool = false, minimumAge: Double? = nil, repeats: Repeats = .drop) {
      self.requiresCDR = requiresCDR
      self.minimumAge = minimumAge
      self.repeats = repeats
    }
  }

  /// The axial slice that is taken of OASIS-1 unless another is asked for.
  ///
  /// The release states neither a slice nor the atlas's origin. The skull-stripped brain in the T88 grid reaches from
  /// about z = -60 mm (cerebellum) to +75 mm (vertex) in Talairach's coordinates, about the grid's middle, 87.5, which
  /// puts the commissures near index 80. The bodies of the lateral ventricles lie at z = +8 to +24 mm, hence 88 to
  /// 104 on this reckoning and 84 to 100 if the grid lies 4 mm lower; 90 shows them on either.
  public static let oasisSlice = SliceChoice(plane: .axial, position: .at(.index(90)))

  static let oasisExtent = [176, 208, 176]

  /// OASIS-1 as it is released: `disc*/OAS1_0001_MR1/PROCESSED/MPRAGE/T88_111/*_t88_masked_gfc.{hdr,img}` for session 1 of subject 1.
  ///
  /// AD are the subjects with CDR > 0, CN the rest. The volumes are taken as LAS whatever their headers say.
  ///
  /// - Parameters:
  ///   - root: the folder that holds the discs, or one disc.
  ///   - csv: `oasis_cross-sectional.csv`.
  ///   - options: which subjects and sessions are taken.
  /// - Throws: `ImagingError` for a table that cannot be read or lacks a column, and a folder without sessions.
  ///
  /// Source: Marcus et al., "Open Access Series of Imaging Studies (OASIS)", J. Cognitive Neuroscience 19 (2007).
  public static func oasis(root: URL, csv: URL, options: OASISOptions = OASISOptions()) throws -> ImportPlan {
    let people = try OASISTable(csv)
    let sessions = try OASISSession.find(in: root)
    guard !sessions.isEmpty else {
      throw ImagingError.unreadable(
        path: root.path, reason: "there are no folders such as disc1/OAS1_0001_MR1 in it",
        remedy: "name the folder into which the discs were unpacked")
    }
    var notes: [String] = []
    func note(_ names: Set<String>, _ one: String, _ many: String) {
      guard !names.isEmpty else { return }
      notes.append("\(names.count) \(names.count == 1 ? one : many): \(TextList.firstFew(names.sortedBytewise()))")
    }
    var scans: [Scan] = []
    var values: [String: [String?]] = [:]
    var used: [(className: String, hasCDR: Bool, age: Double?)] = []
    var (unlisted, withoutCDR, young, repeated): (Set<String>, Set<String>, Set<String>, Set<String>) = ([], [], [], [])
    for (subject, all) in Dictionary(grouping: sessions, by: \.subject) {
      let listed = all.filter { people.rows[$0.name] != nil }.sorted { $0.number < $1.number }
      unlisted.formUnion(all.filter { people.rows[$0.name] == nil }.map(\.name))
      guard let first = listed.first, let row = people.rows[first.name] else { continue }
      if options.requiresCDR, row.cdr == nil {
        withoutCDR.insert(subject)
        continue
      }
      if let least = options.minimumAge, (row.age ?? -1) < least {
        young.insert(subject)
        continue
      }
      let className = (row.cdr ?? 0) > 0 ? "AD" : "CN"
      if options.repeats == .drop { repeated.formUnion(listed.dropFirst().map(\.name)) }
      for session in options.repeats == .drop ? [first] : listed {
        let (url, path) = try session.volume()
        scans.append(Scan(url: url, path: path, name: session.name, subject: subject, className: className))
      }
      values[subject] = row.values
      used.append((className, row.cdr != nil, row.age))
    }
    note(unlisted, "session is not in the table and not used", "sessions are not in the table and not used")
    note(withoutCDR, "subject without CDR is left out", "subjects without CDR are left out")
    note(young, "subject below the least age is left out", "subjects below the least age are left out")
    note(repeated, "repeated session is left out", "repeated sessions are left out")
    let found = Set(sessions.map(\.name))
    note(
      Set(people.rows.keys).subtracting(found), "session of the table has no folder",
      "sessions of the table have no folders")
    guard !scans.isEmpty else {
      throw ImagingError.invalid(
        what: "no session in \(root.path) is left (\(notes.joined(separator: "; ")))",
        remedy: "check that folders and table belong together, or ask for less")
    }
    notes += confounds(used)
    var plan = try ImportPlan(
      importer: "oasis", root: root, scans: scans, columns: OASISTable.columns, values: values,
      options: [
        "csv": csv.lastPathComponent, "requireCDR": "\(options.requiresCDR)",
        "minAge": options.minimumAge.map { "\($0)" } ?? "none", "repeats": options.repeats.rawValue,
      ], notes: notes)
    plan.orientation = AxisLetters("LAS")
    plan.overridesOrientation = true
    plan.requiredExtent = oasisExtent
    return plan
  }

  /// What sets the classes apart besides the disease.
  private static func confounds(_ people: [(className: String, hasCDR: Bool, age: Double?)]) -> [String] {
    var notes: [String] = []
    let unrated = people.filter { $0.className == "CN" && !$0.hasCDR }.count
    if unrated > 0 {
      notes.append(
        "\(unrated) of the \(people.filter { $0.className == "CN" }.count) CN have no CDR, and are mostly young; "
          + "--require-cdr leaves them out")
    }
    func ages(_ name: String) -> [Double] { people.filter { $0.className == name }.compactMap(\.age) }
    if let best = AgeBaseline.best(ages("AD"), ages("CN")) {
      notes.append(
        "age alone, with a threshold of \(SliceChoice.text(best.age)) years, tells AD from CN with a balanced accuracy "
          + "of \(Int((100 * best.balancedAccuracy).rounded())) %; a classifier of images has to beat that")
    }
    return notes
  }
}
