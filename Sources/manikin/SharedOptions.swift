import ArgumentParser
import Foundation
import Parallelism
import Recipes

/// How much a command says, and to whom.
struct OutputOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Say nothing on stderr but warnings and errors.")
  var quiet = false

  @Flag(help: "Print results as JSON.")
  var json = false
}

/// Where images come from and how they are read; each option is a key of a recipe with the same name.
struct DataOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A table (TSV or CSV) with the class of each image.", valueName: "file"))
  var labels: String?

  @Option(help: ArgumentHelp("The table's column of ids (default: participant_id).", valueName: "name"))
  var idColumn: String?

  @Option(help: ArgumentHelp("The table's column of classes (default: class).", valueName: "name"))
  var classColumn: String?

  @Option(help: ArgumentHelp("The table's column of subjects, if the ids are those of files.", valueName: "name"))
  var subjectColumn: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How to find the subject in a file's name: a regex, whose first group is the subject, or none.",
      valueName: "regex"))
  var subjectPattern: String?

  @Option(
    help: ArgumentHelp("The table's column of sites (default: site, scanner, hospital or centre).", valueName: "name"))
  var siteColumn: String?

  @Flag(help: "Accept a given split that has a person or an image on two sides; the answer says so.")
  var allowLeaks = false

  @Option(help: ArgumentHelp("The plane to take of volumes: axial, coronal or sagittal.", valueName: "plane"))
  var plane: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The slice to take of volumes: an index, a position such as 12.5mm, or middle.", valueName: "slice"))
  var slice: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The image to take of a file with a series of images, from 0.", valueName: "n"))
  var volume: String?

  var overrides: [(key: String, value: String?, option: String)] {
    [
      ("data.labels", labels, "--labels"), ("data.id-column", idColumn, "--id-column"),
      ("data.class-column", classColumn, "--class-column"), ("data.subject-column", subjectColumn, "--subject-column"),
      ("data.subject-pattern", subjectPattern, "--subject-pattern"), ("data.site-column", siteColumn, "--site-column"),
      ("data.allow-leaks", allowLeaks ? "true" : nil, "--allow-leaks"), ("data.plane", plane, "--plane"),
      ("data.slice", slice, "--slice"), ("data.volume", volume, "--volume"),
    ]
  }
}

/// Options of every command that trains or samples; each is a key of a recipe, and overrides the recipe's value.
struct RecipeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Start from a recipe; the other options override it.", valueName: "file"))
  var recipe: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Set any key of a recipe, such as metric.lambda=0.1; may be repeated.", valueName: "key=value"))
  var settings: [String] = []

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The seed of everything random (default: 0).", valueName: "n"))
  var seed: String?

  @Option(help: ArgumentHelp("Threads to use (default: one for each core).", valueName: "n"))
  var threads: String?

  @Option(help: ArgumentHelp("Bring images to this size first, such as 208x176.", valueName: "size"))
  var size: String?

  @Option(
    help: ArgumentHelp("How to bring them to it: crop-or-pad or resize (default: crop-or-pad).", valueName: "way"))
  var fit: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What becomes black and white: min-max, 0.5%..99.5%, or -160..240 (default: min-max).", valueName: "range"))
  var range: String?

  @Option(
    help: ArgumentHelp(
      "Channels: auto, grey or rgb (default: auto, three if any image is in colour).", valueName: "word"))
  var colour: String?

  @Option(
    help: ArgumentHelp(
      "The model: vae, ae, rae, wae, vamp or another that 'manikin recipe --explain' lists (default: vae).",
      valueName: "name"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The networks: compact, oasis, mnist, cifar10, svhn, celeba or resnet (default: compact).", valueName: "name"))
  var architecture: String?

  @Option(help: ArgumentHelp("One network for each class (none) or one for all (default: all).", valueName: "word"))
  var share: String?

  @Option(help: ArgumentHelp("Passes over the training images, instead of --steps.", valueName: "n"))
  var epochs: String?

  @Option(help: ArgumentHelp("Optimiser steps for each model (default: auto, by architecture).", valueName: "n"))
  var steps: String?

  @Option(help: ArgumentHelp("The models' learning rate (default: auto, by architecture).", valueName: "rate"))
  var learningRate: String?

  @Option(help: ArgumentHelp("Dimensions of the latent space (default: 16).", valueName: "n"))
  var latentDimensions: String?

  /// The recipe with every option applied.
  ///
  /// - Parameters:
  ///   - data: the folder that the user named, if the command takes one.
  ///   - further: options of the command itself.
  ///   - base: the recipe to start from when the user names none; the defaults when left out.
  func resolved(
    data: String? = nil, out: String? = nil, base: Recipe? = nil,
    further: [(key: String, value: String?, option: String)] = []
  ) throws -> Recipe {
    if epochs != nil, steps != nil {
      throw ValidationError("--epochs and --steps exclude each other; give one of them.")
    }
    var start = base ?? Recipe()
    if let recipe { start = try Recipe(contentsOf: RecipeFile.find(recipe)) }
    var overrides: [Recipe.Override] = []
    if let data {
      overrides.append(.init(key: "data.path", text: data, option: "DATA"))
      if recipe == nil { overrides.append(.init(key: "name", text: Self.name(of: data), option: "DATA")) }
    }
    if let out { overrides.append(.init(key: "out", text: out, option: "--out")) }
    for setting in settings {
      guard let equals = setting.firstIndex(of: "=") else {
        throw ValidationError("--set takes KEY=VALUE, such as metric.lambda=0.1, not '\(setting)'.")
      }
      let key = String(setting[..<equals])
      overrides.append(
        .init(key: key, text: String(setting[setting.index(after: equals)...]), option: "--set \(key)"))
    }
    if let size {
      let parts = size.lowercased().split(separator: "x", omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw ValidationError("--size takes HEIGHTxWIDTH in pixels, such as 208x176, not '\(size)'.")
      }
      overrides.append(.init(key: "preprocessing.height", text: String(parts[0]), option: "--size"))
      overrides.append(.init(key: "preprocessing.width", text: String(parts[1]), option: "--size"))
    }
    let own: [(key: String, value: String?, option: String)] = [
      ("seed", seed, "--seed"), ("threads", threads, "--threads"), ("preprocessing.fit", fit, "--fit"),
      ("preprocessing.range", range, "--range"), ("preprocessing.colour", colour, "--colour"),
      ("generator.model", model, "--model"), ("generator.architecture", architecture, "--architecture"),
      ("generator.share", share, "--share"),
      ("generator.epochs", epochs, "--epochs"),
      ("generator.steps", steps, "--steps"), ("generator.learning-rate", learningRate, "--learning-rate"),
      ("generator.latent-dimensions", latentDimensions, "--latent-dimensions"),
    ]
    for (key, value, option) in own + further {
      if let value { overrides.append(.init(key: key, text: value, option: option)) }
    }
    let resolved = try start.overriding(overrides)
    WorkerThreads.limit = resolved.threadCount
    return resolved
  }

  /// A name for the run of a data folder.
  static func name(of data: String) -> String {
    let last = URL(filePath: data, directoryHint: .isDirectory).standardizedFileURL.lastPathComponent
    return Recipe.name(from: last)
  }
}
