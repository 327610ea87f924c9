import Foundation

extension PrivacyAudit {
  /// Whether something was found that should keep the folder from being shared as if it held no one's image.
  public var isAlarming: Bool {
    !copies.isEmpty || copying?.z.map { $0 < -2 } ?? false || membership?.interval.map { $0.lower > 0.5 } ?? false
  }

  /// One sentence.
  public var verdict: String {
    var found: [String] = []
    let exact = copies.count { $0.isExact }
    if exact > 0 { found.append(exact == 1 ? "1 image is a copy of a training image" : "\(exact) images are copies") }
    let near = copies.count - exact
    if near > 0 {
      found.append(
        "\(near) \(near == 1 ? "image is" : "images are") less than half as far from a training image as the "
          + "nearest other person")
    }
    if let z = copying?.z, z < -2 {
      found.append(
        "synthetic images lie nearer to the training images than \(hasHeldOut ? "unseen ones do" : "these to each other")"
      )
    }
    if let interval = membership?.interval, interval.lower > 0.5 {
      found.append("they tell in part who was trained on")
    }
    return found.isEmpty
      ? "No sign that training images can be recognised"
        + (hasHeldOut ? "." : ", as far as can be said without held-out images.")
      : "Share these images only as you would share the originals: " + found.joined(separator: "; ") + "."
  }

  /// The findings at 80 columns.
  public var text: String {
    var lines = [verdict, ""]
    let width = max(5, classes.map(\.name.count).max() ?? 0)
    func row(_ name: String, _ cells: [String]) -> String {
      name.padding(toLength: width, withPad: " ", startingAt: 0)
        + cells.map { String(repeating: " ", count: max(1, 11 - $0.count)) + $0 }.joined()
    }
    func share(_ value: Double?) -> String { value.map { String(format: "%.0f %%", 100 * $0) } ?? "-" }
    func length(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "-" }
    lines.append(row("class", ["synthetic", "training", "held out", "copies", "near ones"]))
    for found in classes {
      lines.append(
        row(
          found.name,
          [
            "\(found.synthetic)", "\(found.training)", "\(found.heldOut)", "\(found.exactCopies)",
            "\(found.nearCopies)",
          ]))
    }
    lines += ["", "Median distance to the nearest training image (RMS of pixels, 0 to 1):"]
    lines.append(row("class", ["synthetic", "held out", "training"]))
    for found in classes {
      lines.append(
        row(
          found.name,
          [length(found.syntheticDistance), length(found.heldOutDistance), length(found.trainingDistance)]))
    }
    lines += ["", "Authentic (further from a training image than that is from its neighbour):"]
    lines.append(row("class", ["synthetic", "held out"]))
    for found in classes { lines.append(row(found.name, [share(found.authentic), share(found.heldOutAuthentic)])) }
    lines.append("")
    if let z = copying?.z {
      lines.append(String(format: "Data copying (Meehan et al.): z = %.1f; below -2 is copying", z))
      if !hasHeldOut { lines.append("  against the training images among themselves; --held-out names better ones") }
    }
    if let membership {
      let interval =
        membership.interval.map { String(format: ", 95 %% interval %.2f to %.2f", $0.lower, $0.upper) } ?? ""
      lines.append(
        String(format: "Membership inference: AUC %.2f", membership.area) + interval
          + "; 0.5 is a guess")
    } else {
      lines.append("Membership inference: needs images that took no part; name them with --held-out")
    }
    if !copies.isEmpty {
      lines += ["", "Copies, nearest first:"]
      lines += copies.prefix(10).map { pair in
        String(format: "  %.4f  ", pair.distance) + "\(pair.synthetic) of \(pair.training)"
      }
      if copies.count > 10 { lines.append("  and \(copies.count - 10) more, listed by --json") }
    }
    return lines.joined(separator: "\n")
  }
}
