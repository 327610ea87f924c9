import Assessment
import Foundation
import Recipes
import Runs
import Synthesis

extension DataSheet {
  /// The sheet in Markdown.
  package var text: String {
    let parts = [
      "# Data sheet: \(plain(name))", Self.opening, "## What it holds", contents, "## What it was made from", origin,
      "## How it was made", making, Self.uses, "## What was checked", findings, Self.licence,
    ]
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static let opening = """
    These images are synthetic: a generative model drew them after it was trained on the images named below, and no one \
    was scanned for them. **They are not anonymous by that alone**: see "What was checked".
    """

  private static let uses = """
    ## What it is meant for

    - standing beside real training images of a classifier whose classes are unequal, where `manikin evaluate` found that \
    it helps
    - developing, testing and teaching methods and software

    ## What it must not be used for

    - diagnosis, treatment or any other clinical decision, on these images or by a model that was tested on them alone
    - testing: scores on synthetic images say nothing of real people
    - conclusions about a disease or about how frequent it is: what the model did not learn is not in the images, and the \
    sizes of the classes were chosen
    - publication as anonymous data: whether the images may leave the place where the originals are is for those to decide \
    who answer for the originals
    """

  private var contents: String {
    let rows = classes.map { entry in
      "| \(cell(entry.name)) | \(entry.synthetic) | \(entry.real) | `\(entry.model.prefix(12))` | \(entry.modelSeed) |"
    }
    let head = "| class | synthetic images | made from real images | model | seed of the model |"
    let table = ([head, "|---|---|---|---|---|"] + rows).joined(separator: "\n")
    let manifest =
      manifestDigest.map {
        " `manifest.csv` says of each how it came about and which training image is nearest; its SHA-256 is `\($0)`."
      } ?? " The sidecar of each says how it came about and which training image is nearest."
    return table
      + "\n\n\(files)\(manifest) The models are named by the first digits of the SHA-256 of their weights."
      + (realBeside == 0
        ? ""
        : "\n\n**\(realBeside) real training images lie in the same folder** (`origin` in `manifest.csv` is `real`): share it "
          + "only as you would share these.")
  }

  private var files: String {
    guard let storage = kind?.storage, storage.kind.isPicture else {
      return
        "NIfTI images of \(height) x \(width) pixels, \(numbers), \(intensities), in the place and orientation of the "
        + "training images."
    }
    return
      "Images of \(height) x \(width) pixels, \(channels == 1 ? "grey" : "red, green and blue"), \(storage.text). The "
      + "numbers that black and white are stored as stand in `manifest.csv` (`stored_at_0`, `stored_at_1`): the light of the "
      + "training image that the drawing began at, where training images were pictures too."
  }

  private var numbers: String {
    channels == 1 ? "32-bit floating point" : "red, green and blue of 8 bits each (datatype 128)"
  }

  private var intensities: String {
    if channels > 1 { return "0 to 255" + (window.map { ", for which the real images were clipped to \($0)" } ?? "") }
    guard let window else { return "about 0 to 1" }
    return "in the units of the real images, which were clipped to \(window)"
  }

  private var origin: String {
    let total = classes.reduce(0) { $0 + $1.real }
    let place = source.replacing("`", with: "'")
    var sentences = ["The real images came from `\(place)`, \(total) of them for the classes above."]
    if let sharedAmong {
      let names = sharedAmong.map(plain).joined(separator: ", ")
      sentences.append("One encoder and decoder learned all classes (\(names)).")
    } else {
      sentences.append("Each class has a model of its own.")
    }
    if render == .residual {
      sentences.append(
        "**Each synthetic image carries what the decoder leaves out of one training image, and so the fine detail of one "
          + "person's image.**")
    }
    sentences.append(
      "Consent, ethics approval and terms of use of the originals hold for these images too, as far as they speak of what "
        + "is derived.")
    return sentences.joined(separator: " ")
  }

  private var making: String {
    let versions = Manikin.versions
    let libraries = versions.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let meaning = EvaluationMethod(rawValue: method.rawValue)?.summary ?? "synthetic images"
    return """
      - by Manikin \(versions.manikin) (\((["Swift \(versions.swift)"] + libraries).joined(separator: ", ")))
      - method `\(method.rawValue)`: \(meaning)
      - rendering `\(render.rawValue)`
      - network `\(architecture)`
      - seed \(seed): the same models, settings and seed give the same bytes on the same machine

      ```yaml
      \(settings.trimmingCharacters(in: .newlines))
      ```
      """
  }

  private var findings: String {
    guard leak != nil || audit != nil || !crowding.isEmpty else { return uncheckedNote }
    var lines: [String] = []
    if let audit {
      lines.append("- privacy audit: \(plain(audit.verdict))")
      let copies = audit.classes.reduce(0) { $0 + $1.exactCopies }
      lines.append("- copies of training images: \(copies); near copies: \(audit.copies.count - copies)")
      for found in audit.classes {
        let heldOut = found.heldOutDistance.map { String(format: ", unseen images %.4f", $0) } ?? ""
        lines.append(
          "- \(plain(found.name)): median distance to the nearest training image "
            + String(format: "%.4f", found.syntheticDistance) + heldOut
            + String(format: ", training images among themselves %.4f; ", found.trainingDistance)
            + String(format: "%.0f %% of the images are authentic", 100 * found.authentic)
            + (found.heldOutAuthentic.map { String(format: ", of unseen ones %.0f %%", 100 * $0) } ?? ""))
      }
      if let z = audit.copying?.z {
        lines.append(
          String(format: "- data copying: z = %.1f (below -2 is copying)", z)
            + (audit.hasHeldOut ? "" : ", against the training images among themselves"))
      }
      if let membership = audit.membership {
        let interval = membership.interval.map { String(format: ", 95 %% interval %.2f to %.2f", $0.lower, $0.upper) }
        lines.append(
          String(format: "- membership inference: AUC %.2f", membership.area) + (interval ?? "")
            + " (0.5 is a guess)")
      } else {
        lines.append("- membership inference: not asked, for want of images that took no part")
      }
    } else {
      lines.append("- privacy audit: none; do one with `manikin audit SYNTHETIC DATA`")
    }
    if let leak { lines.append("- mark of the class: \(plain(leak.sentence))") }
    for crowd in crowding { lines.append("- \(plain(crowd.className)): \(crowd.sentence)") }
    return lines.joined(separator: "\n")
      + "\n\nDistances are root mean square differences of pixels on a scale from 0 to 1. A copy that was shifted or "
      + "flipped is not found, and finding nothing proves nothing."
  }

  private static let licence = """
    ## Licence and terms: TO BE FILLED IN

    Manikin cannot know them. Whoever shares this set answers here first:

    - licence of this set: TO BE FILLED IN
    - terms of the real images' source that pass on to it: TO BE FILLED IN
    - who made it, and whom to ask: TO BE FILLED IN
    """

  /// Text of a user as one line without what Markdown would take for a mark.
  private func plain(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 }).replacing("<", with: "&lt;").replacing("`", with: "'")
  }

  private func cell(_ text: String) -> String { plain(text).replacing("|", with: "\\|") }
}
