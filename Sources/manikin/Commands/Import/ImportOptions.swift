import ArgumentParser
import Cohorts
import Foundation
import ImageFiles
import Importers
import Runs

/// Which slices an importer takes.
struct SliceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("axial, coronal or sagittal (default: axial).", valueName: "plane"))
  var plane: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "An index from the left, back or bottom; a position such as 12.5mm; middle; or largest (the most brain).",
      valueName: "slice"))
  var slice: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Several slices of each volume: a range such as 80..95 or -5mm..10mm, or a number of them around --slice.",
      valueName: "slices"))
  var slices: String?

  @Option(help: ArgumentHelp("The image to take of a file with a series of images, from 0.", valueName: "n"))
  var volume: Int?

  /// - Parameter standard: what is taken where the user does not say.
  func choice(_ standard: SliceChoice = SliceChoice()) throws -> SliceChoice {
    var choice = standard
    if let plane {
      guard let value = Plane(rawValue: plane) else {
        throw ValidationError("--plane takes axial, coronal or sagittal, not '\(plane)'.")
      }
      if value != choice.plane { choice.position = .at(.middle) }
      choice.plane = value
    }
    if let slice {
      guard let value = SliceChoice.Position(slice) else {
        throw ValidationError("--slice takes an index, a position such as 12.5mm, middle or largest, not '\(slice)'.")
      }
      choice.position = value
    }
    if let slices {
      guard let value = SliceChoice.Extent(slices) else {
        throw ValidationError("--slices takes a number, or a range such as 80..95 or -5mm..10mm, not '\(slices)'.")
      }
      if case .range = value, slice != nil {
        throw ValidationError("--slice and a range of --slices exclude each other; give one of them.")
      }
      choice.extent = value
    }
    if let volume, volume < 0 {
      throw ValidationError("--volume takes a whole number from 0, not \(volume).")
    }
    choice.volume = volume
    return choice
  }
}

/// Where an importer writes, and what it says.
struct ImportOutputOptions: ParsableArguments {
  @Flag(help: "Replace a folder that Manikin wrote before.")
  var overwrite = false

  @OptionGroup var output: OutputOptions

  /// How many files that are left out are named on a terminal.
  private static let omittedLines = 20

  /// Writes the images and says how many.
  func write(_ plan: ImportPlan, _ choice: SliceChoice, to out: String) throws {
    try report(to: out, total: plan.scansByClass.values.reduce(0, +)) {
      try CohortImport(plan: plan, choice: choice, version: Manikin.version)
        .write(to: URL(filePath: out, directoryHint: .isDirectory), overwrite: overwrite, progress: $0)
    }
  }

  /// Says how many images `write` wrote, which is given where to tell its progress.
  func report(to out: String, total: Int, _ write: (@escaping (Int) -> Void) throws -> CohortImport.Outcome) throws {
    let bar = Screen.reporter(quiet: output.quiet).stage("Importing", total: total, unit: "files")
    let outcome = try write { bar.update(to: $0) }
    bar.finish()
    if output.json { return Screen.result(try Screen.json(outcome)) }
    if !output.quiet {
      let omitted = outcome.omitted ?? []
      for line in omitted.prefix(Self.omittedLines) { Screen.note("left out: \(line)") }
      if omitted.count > Self.omittedLines {
        Screen.note("left out: \(omitted.count - Self.omittedLines) more files; --json lists them all")
      }
      for note in outcome.notes { Screen.note("note: \(note)") }
    }
    for (name, count) in outcome.images.sorted(by: { $0.key < $1.key }) {
      let people = outcome.subjects[name] ?? 0
      let size = (outcome.sizesByClass[name] ?? []).map(\.value).joined(separator: ", ")
      Screen.result(
        "\(name): \(count) \(count == 1 ? "image" : "images") of \(people) \(people == 1 ? "subject" : "subjects"), "
          + "\(size) pixels, in \(out)/\(name)")
    }
  }
}
