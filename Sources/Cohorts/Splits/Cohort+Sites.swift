import Files
import ImageSets

extension Cohort {
  /// The sites that can be tested on: those with subjects of every class, where the other sites together have two or more
  /// of each class.
  public func testableSites(_ table: SiteTable) -> [String] {
    let siteOf = table.sites(of: images)
    return table.sites.filter { site in
      classes.allSatisfy { name in
        let subjects = Self.subjects(of: images(of: name))
        let own = subjects.count { siteOf[$0] == site }
        return own > 0 && subjects.count - own >= 2
      }
    }
  }

  /// The cohort with all subjects of one site for the test, and those of the others divided into training and validation
  /// images in the proportion of the fractions.
  ///
  /// - Throws: `ImagingError` for wrong fractions and for a class of which the other sites have too few subjects.
  public func split(
    leavingOut site: String, _ table: SiteTable, by fractions: SplitFractions = SplitFractions(), seed: UInt64,
    index: Int = 0
  ) throws -> Cohort {
    try fractions.validate()
    let siteOf = table.sites(of: images)
    let share = fractions.validation / (fractions.train + fractions.validation)
    var result = try dividing(
      images.filter { siteOf[$0.subject] != site },
      by: SplitFractions(train: 1 - share, validation: share, test: 0), seed: seed, index: index, \.className)
    for position in result.images.indices where siteOf[result.images[position].subject] == site {
      result.images[position].split = .test
    }
    return result
  }

  /// The cohort divided so that every side has the asked fractions of the subjects of each class *at each site*.
  ///
  /// Sites where a class has fewer subjects than there are sides are taken together for that class, and with its largest
  /// site if they are still too few.
  ///
  /// - Throws: `ImagingError` for wrong fractions and for a class with fewer subjects than sides.
  public func split(
    stratifiedBy table: SiteTable, by fractions: SplitFractions = SplitFractions(), seed: UInt64, index: Int = 0
  ) throws -> Cohort {
    try fractions.validate()
    let siteOf = table.sites(of: images)
    let sides = Split.allCases.count { fractions.fraction(of: $0) > 0 }
    var nameOf: [String: [String: String]] = [:]
    for name in classes {
      let counts = Dictionary(grouping: Self.subjects(of: images(of: name)), by: { siteOf[$0]! }).mapValues(\.count)
      let ordered = counts.keys.sortedBytewise().sorted { counts[$0]! > counts[$1]! }
      var small = ordered.filter { counts[$0]! < sides }
      let rest = small.reduce(0) { $0 + counts[$1]! }
      if !small.isEmpty, rest < sides, let next = ordered.last(where: { counts[$0]! >= sides }) { small.append(next) }
      let joined = Set(small)
      nameOf[name] = Dictionary(
        uniqueKeysWithValues: ordered.map { site in
          (
            site,
            joined.count == ordered.count || ordered.count == 1
              ? name : "\(name) at \(joined.contains(site) ? "other sites" : site)"
          )
        })
    }
    return try dividing(images, by: fractions, seed: seed, index: index) { image in
      nameOf[image.className]![siteOf[image.subject]!]!
    }
  }
}
