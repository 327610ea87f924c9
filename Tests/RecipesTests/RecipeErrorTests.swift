import Foundation
import Recipes
import TestFiles
import Testing

/// Every mistake in a recipe is one sentence with the file and the line.
@Suite struct RecipeErrorTests {
  static let mistakes: [(yaml: String, sentence: String)] = [
    (
      "name: a\ngenerator:\n  epoch: 10\n",
      "r.yaml:3: unknown key 'epoch' in 'generator'; did you mean 'epochs'? expected one of: model, architecture, "
        + "share, latent-dimensions, epochs, steps, batch-size, images-at-once, precision, "
        + "learning-rate, beta, plateau-patience, "
        + "plateau-factor, keep, early-stop, embedding-weight, decoder-weight, gradient-weight, gradient-penalty, "
        + "power-iterations, kernel, bandwidth, discrepancy-weight, pseudo-inputs, importance-samples, flow-length, "
        + "flow-units, flow-form, leapfrog-steps, step-size, root-beta-zero, stop-forces, temperature, metric-regularisation, "
        + "adversarial-weight, reconstruction-layer, second-stage-steps"
    ),
    (
      "epochs: 10\n",
      "r.yaml:1: unknown key 'epochs'; it belongs in 'generator' or 'classifier'; expected one of: name, seed, threads, "
        + "out, data, preprocessing, generator, metric, sampler, synthetic, classifier, evaluation, fidelity, "
        + "interpolation, sweep, grid, compare"
    ),
    (
      "sampler:\n  bananas: 1\n",
      "r.yaml:2: unknown key 'bananas' in 'sampler'; expected one of: mode, steps, leapfrog-steps, step-size, "
        + "target-acceptance, mass, crossing, starts, diagnostic-draws"
    ),
    (
      "classifier: {batch_size: 1}\n",
      "r.yaml:1: unknown key 'batch_size' in 'classifier'; did you mean 'batch-size'? expected one of: epochs, "
        + "batch-size, images-at-once, learning-rate, plateau-patience, plateau-factor, keep"
    ),
    (
      "data:\n  split:\n    valid: 0.1\n",
      "r.yaml:3: unknown key 'valid' in 'data.split'; expected one of: train, validation, test, by"
    ),
    (
      "generator:\n  epochs: ten\n",
      "r.yaml:2: 'epochs' in 'generator' must be a whole number from 1 to 10000000, not 'ten'"
    ),
    (
      "generator:\n  epochs: \"10\"\n",
      "r.yaml:2: 'epochs' in 'generator' must be a whole number from 1 to 10000000, not the text \"10\" in quotes"
    ),
    (
      "generator:\n  epochs: 1.5\n",
      "r.yaml:2: 'epochs' in 'generator' must be a whole number from 1 to 10000000, not '1.5'"
    ),
    ("seed: -1\n", "r.yaml:1: 'seed' must be a whole number of 0 or more, not '-1'"),
    (
      "seed: 99999999999999999999\n", "r.yaml:1: 'seed' must be a whole number of 0 or more, not '99999999999999999999'"
    ),
    ("threads: many\n", "r.yaml:1: 'threads' must be a whole number from 1 to 1024, or 'auto', not 'many'"),
    (
      "generator:\n\n  beta: .nan\n",
      "r.yaml:3: 'beta' in 'generator' must be a number of 0 or more, or 'auto', not '.nan'"
    ),
    (
      "generator:\n  learning-rate: 1\n",
      "r.yaml:2: 'learning-rate' in 'generator' must be a number between 0 and 1, or 'auto', not '1'"
    ),
    ("metric:\n  lambda: 0\n", "r.yaml:2: 'lambda' in 'metric' must be a number above 0, not '0'"),
    ("metric:\n  lambda: 1e999\n", "r.yaml:2: 'lambda' in 'metric' must be a number above 0, not '1e999'"),
    (
      "data:\n  split: {train: 0.7, validation: 1.1, test: 0.2}\n",
      "r.yaml:2: 'validation' in 'data.split' must be a number from 0 to 1, not '1.1'"
    ),
    (
      "generator:\n  architecture: oasi\n",
      "r.yaml:2: 'architecture' in 'generator' must be one of compact, oasis, mnist, cifar10, svhn, celeba, resnet, not "
        + "'oasi'; did you mean 'oasis'?"
    ),
    (
      "sampler:\n  mode: nuts\n",
      "r.yaml:2: 'mode' in 'sampler' must be one of paper, calibrated, published-code, not 'nuts'"
    ),
    (
      "generator:\n  epochs:\n",
      "r.yaml:2: 'epochs' in 'generator' has no value; it must be a whole number from 1 to 10000000"
    ),
    (
      "generator:\n  epochs: [1]\n",
      "r.yaml:2: 'epochs' in 'generator' must be a whole number from 1 to 10000000, not a list"
    ),
    (
      "name: {a: 1}\n",
      "r.yaml:1: 'name' must be a name of letters, digits, '.', '_' and '-' that begins with a letter or a digit, not a section"
    ),
    (
      "name: ../up\n",
      "r.yaml:1: 'name' must be a name of letters, digits, '.', '_' and '-' that begins with a letter or a digit, not '../up'"
    ),
    (
      "data:\n  plane: axial\n  slice: top\n",
      "r.yaml:3: 'slice' in 'data' must be 'middle', an index from 0 such as 90, or a position such as -12.5mm, not 'top'"
    ),
    ("data:\n  id-column: ' '\n", "r.yaml:2: 'id-column' in 'data' must be text, not ' '"),
    (
      "evaluation:\n  methods: manifold\n",
      "r.yaml:2: 'methods' in 'evaluation' must be a list of original, original-resampled, original-matched, "
        + "original-weighted, linear, classical, mixup, elastic, smote, posterior, prior, gmm, vamp, rhvae, two-stage, manifold, "
        + "interpolation, transfer, deformation, covariates, each at most once, not 'manifold'"
    ),
    (
      "evaluation:\n  methods:\n    - manifold\n    - magic\n",
      "r.yaml:3: 'methods' in 'evaluation' must be a list of original, original-resampled, original-matched, "
        + "original-weighted, linear, classical, mixup, elastic, smote, posterior, prior, gmm, vamp, rhvae, two-stage, manifold, "
        + "interpolation, transfer, deformation, covariates, each at most once, not [manifold, magic]"
    ),
    (
      "evaluation:\n  methods: [gmm, gmm]\n",
      "r.yaml:2: 'methods' in 'evaluation' must be a list of original, original-resampled, original-matched, "
        + "original-weighted, linear, classical, mixup, elastic, smote, posterior, prior, gmm, vamp, rhvae, two-stage, manifold, "
        + "interpolation, transfer, deformation, covariates, each at most once, not [gmm, gmm]"
    ),
    (
      "evaluation:\n  methods: []\n",
      "r.yaml:2: 'methods' in 'evaluation' must be a list of original, original-resampled, original-matched, "
        + "original-weighted, linear, classical, mixup, elastic, smote, posterior, prior, gmm, vamp, rhvae, two-stage, manifold, "
        + "interpolation, transfer, deformation, covariates, each at most once, not []"
    ),
    ("generator: 3\n", "r.yaml:1: 'generator' is a section and needs 'key: value' lines below it, not '3'"),
    ("generator: [a]\n", "r.yaml:1: 'generator' is a section and needs 'key: value' lines below it, not a list"),
    ("? [a]\n: b\n", "r.yaml:1: a key must be a word, not a list"),
    ("seed: 1\nname: a\nseed: 2\n", "r.yaml:1: the key 'seed' stands here and once more below; keep one"),
    (
      "generator:\n  epochs: 1\nsampler: {}\ngenerator:\n  steps: 1\n",
      "r.yaml:1: the key 'generator' stands here and once more below; keep one"
    ),
    (
      "generator:\n  epochs: 5\n  steps: 5\n",
      "r.yaml:3: 'generator.epochs' and 'generator.steps' exclude each other; give one of them"
    ),
    (
      "data:\n  path: x\n  phantom:\n    subjects: 50\n",
      "r.yaml:3: 'data.path' and 'data.phantom' exclude each other; give one of them"
    ),
    ("data:\n  path: x\n  phantom:\n", "r.yaml:3: 'data.path' and 'data.phantom' exclude each other; give one of them"),
    ("data:\n  phantom:\n  path: x\n", "r.yaml:3: 'data.path' and 'data.phantom' exclude each other; give one of them"),
    (
      "data:\n  split:\n    test: 0.5\n",
      "r.yaml:3: 'train', 'validation' and 'test' in 'data.split' must add up to 1, not 1.3"
    ),
    (
      "data:\n  phantom:\n    subjects: 50\n    minority: 49\n",
      "r.yaml:4: 'minority' in 'data.phantom' is 49, which leaves less than 2 of the 50 'subjects' to the other class"
    ),
    (
      "preprocessing:\n  width: 64\n",
      "r.yaml:2: 'height' and 'width' in 'preprocessing' go together: give both, or neither"
    ),
    (
      "generator:\n  architecture: oasis\npreprocessing:\n  height: 64\n  width: 56\n",
      "r.yaml:2: the architecture 'oasis' is for images of 208 x 176, not 64 x 56: set 'height' and 'width' in "
        + "'preprocessing', or take 'compact'"
    ),
    (
      "data:\n  phantom:\ngenerator:\n  architecture: mnist\n",
      "r.yaml:4: the architecture 'mnist' is for images of 32 x 32, not 208 x 176: set 'height' and 'width' in "
        + "'preprocessing', or take 'compact'"
    ),
    (
      "generator:\n  architecture: resnet\npreprocessing:\n  height: 64\n  width: 32\n",
      "r.yaml:2: the architecture 'resnet' is for images of 32 x 32 or 64 x 64, not 64 x 32: set 'height' and 'width' in "
        + "'preprocessing', or take 'compact'"
    ),
    (
      "data:\n  shapes:\n    size: 64\n",
      "r.yaml:2: 'shapes' in 'data' are of one class, which no classifier can tell apart: set 'runs' in 'evaluation' to 0"
    ),
    (
      "data:\n  path: x\n  shapes:\nevaluation:\n  runs: 0\n",
      "r.yaml:3: 'data.path' and 'data.shapes' exclude each other; give one of them"
    ),
    (
      "interpolation:\n  from: a\n",
      "r.yaml:2: 'from' and 'to' in 'interpolation' go together: give both, or neither"
    ),
    ("data:\n  slice: 90\n", "r.yaml:2: 'slice' in 'data' needs 'plane' beside it"),
    ("", "r.yaml: the recipe is empty; it needs at least one key"),
    ("# only a comment\n", "r.yaml: the recipe is empty; it needs at least one key"),
    ("---\n", "r.yaml: the recipe is empty; it needs at least one key"),
    ("- a\n- b\n", "r.yaml:1: a recipe is a list of 'key: value' lines, and this is a list"),
    ("hello\n", "r.yaml:1: a recipe is a list of 'key: value' lines, and this is 'hello'"),
    ("name: a\n---\nname: b\n", "r.yaml:2: this is no YAML: but found another document"),
    ("seed: 1\ngenerator: [\n", "r.yaml:3: this is no YAML: did not find expected node content"),
    ("name: \"a\nseed: 1\n", "r.yaml:3: this is no YAML: found unexpected end of stream"),
    ("generator:\n\tepochs: 1\n", "r.yaml:2: this is no YAML: found character that cannot start any token"),
    ("name: a\nseed 1\n", "r.yaml:3: this is no YAML: could not find expected ':'"),
    (
      "a: &x 1\n",
      "r.yaml:1: anchors, aliases and tags ('&', '*', '!') have no place in a recipe; write the value out, or put quotes "
        + "around it"
    ),
    (
      "name: a\nseed: !!int 3\n",
      "r.yaml:2: anchors, aliases and tags ('&', '*', '!') have no place in a recipe; write the value out, or put quotes "
        + "around it"
    ),
  ]

  @Test(arguments: mistakes.indices)
  func mistakeIsNamedWithItsLine(index: Int) {
    let (yaml, sentence) = Self.mistakes[index]
    let error = #expect(throws: ExperimentsError.self) {
      try Recipe(yaml: yaml, file: "r.yaml", folder: URL(filePath: "/data"))
    }
    #expect(error?.description == sentence, "for \(yaml.debugDescription)")
  }

  /// Nine levels of ten aliases each, as a key: reading it naively would hash a billion values.
  @Test func anchorBombIsRefusedAtOnce() {
    var yaml = "a: &a0 [x]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
      yaml += "? &a\(level) [\(aliases)]\n: 1\n"
    }
    expectRefusal(yaml, containing: "r.yaml:1: anchors, aliases and tags")
    // The same, hidden from a look line by line behind quotes that span lines.
    let hidden = yaml.split(separator: "\n").map { "\"a\n\" : 1\n\($0)" }.joined(separator: "\n")
    expectRefusal(hidden, containing: "anchors, aliases and tags")
    let misled =
      "\"\n"
      + yaml.split(separator: "\n").map { "\" : [\($0.dropFirst(2).filter { $0 != ":" })], \"" }.joined(separator: "\n")
    expectRefusal(misled, containing: "anchors, aliases and tags")
  }

  @Test func deepNestingIsRefused() {
    expectRefusal("a: " + String(repeating: "[", count: 60_000), containing: "this is no YAML: maximum nesting level")
    expectRefusal(String(repeating: "- ", count: 30_000), containing: "this is no YAML: maximum nesting level")
  }

  /// Text, a path and a comment may hold these characters.
  @Test func signsInsideTextAreNoTraps() throws {
    let yaml = "data:\n  id-column: salt & pepper*  # *not* an &alias\n  class-column: \"*\"\n"
    let recipe = try Recipe(yaml: yaml, file: "r.yaml", folder: URL(filePath: "/data"))
    #expect(recipe.data.idColumn == "salt & pepper*")
    #expect(recipe.data.classColumn == "*")
  }

  @Test func filesThatAreNoRecipes() throws {
    try withTemporaryFolder { folder in
      expectRefusal(at: folder.appending(path: "none.yaml"), containing: "none.yaml': no such file or directory")
      expectRefusal(at: folder, containing: "': it is a folder; name the recipe's file")
      let binary = folder.appending(path: "image.yaml")
      try Data([0x5C, 0x01, 0xFF, 0xFE, 0x00]).write(to: binary)
      expectRefusal(at: binary, containing: "image.yaml: this is no UTF-8 text; is it a recipe?")
      let large = folder.appending(path: "large.yaml")
      try Data(repeating: UInt8(ascii: "#"), count: 70_000).write(to: large)
      expectRefusal(at: large, containing: "large.yaml: 70000 bytes are too many for a recipe; is this the right file?")
    }
  }

  /// A pipe that nobody writes to, a device without end, a loop of links: refused, not waited for.
  @Test(.timeLimit(.minutes(1))) func pipesDevicesAndLoops() throws {
    try withTemporaryFolder { folder in
      let pipe = folder.appending(path: "pipe.yaml")
      #expect(mkfifo(pipe.path, 0o600) == 0)
      expectRefusal(at: pipe, containing: "pipe.yaml': it is not a regular file; name the recipe's file")
      expectRefusal(at: URL(filePath: "/dev/zero"), containing: "it is not a regular file")
      let loop = folder.appending(path: "loop.yaml")
      try FileManager.default.createSymbolicLink(at: loop, withDestinationURL: loop)
      expectRefusal(at: loop, containing: "symbolic links")
    }
  }

  /// What a file says is quoted without what would break the line or command a terminal.
  @Test func quotedTextStaysOnItsLine() throws {
    for yaml in ["\"a\\nb\\e[2J\": 1\n", "name: \"x\\ny\"\n", "seed: \"1\\n\"\n"] {
      let error = #expect(throws: ExperimentsError.self) {
        try Recipe(yaml: yaml, file: "r.yaml", folder: URL(filePath: "/data"))
      }
      let text = error?.description ?? "\n"
      #expect(!text.contains(where: \.isNewline) && !text.contains("\u{1B}"), "\(text)")
    }
  }

  @Test func tooDeepNestingIsRefusedWithItsDepth() {
    for text in ["[", "{", "- ", "? ", "a: [", "{a: "] {
      expectRefusal(String(repeating: text, count: 60_000 / text.count), containing: "r.yaml")
    }
  }

  private func expectRefusal(_ yaml: String, containing part: String, location: SourceLocation = #_sourceLocation) {
    let start = ContinuousClock.now
    let error = #expect(throws: ExperimentsError.self, sourceLocation: location) {
      try Recipe(yaml: yaml, file: "r.yaml", folder: URL(filePath: "/data"))
    }
    #expect(error?.description.contains(part) == true, "\(error.debugDescription)", sourceLocation: location)
    // Milliseconds of work; the rest is for a busy machine.
    #expect(ContinuousClock.now - start < .seconds(60), sourceLocation: location)
  }

  private func expectRefusal(at url: URL, containing part: String, location: SourceLocation = #_sourceLocation) {
    let error = #expect(throws: ExperimentsError.self, sourceLocation: location) { try Recipe(contentsOf: url) }
    #expect(error?.description.contains(part) == true, "\(error.debugDescription)", sourceLocation: location)
  }
}
