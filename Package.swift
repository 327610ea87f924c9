// swift-tools-version: 6.1
import PackageDescription

// The floors of the house: a target may depend only on targets of the floors above it in this list.
// `make lint` checks every import in the sources against these dependencies. The list is long because a target says all
// that it imports.
let package = Package(
  name: "manikin",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    // Floor 1: system libraries behind a shim header each, random streams, and work on several threads.
    .target(
      name: "CNIfTI",
      linkerSettings: [.linkedLibrary("niftiio"), .linkedLibrary("znz"), .linkedLibrary("z")]),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
    .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
    .target(name: "CTIFF", linkerSettings: [.linkedLibrary("tiff")]),
    .target(name: "CZip", linkerSettings: [.linkedLibrary("zip")]),
    .target(name: "CMatIO", linkerSettings: [.linkedLibrary("matio")]),
    .target(
      name: "CGDCM",
      linkerSettings: [.linkedLibrary("gdcmMSFF"), .linkedLibrary("gdcmDSED"), .linkedLibrary("gdcmCommon")]),
    .target(name: "CDensity", exclude: ["README.md"], linkerSettings: [.linkedLibrary("m")]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(
      name: "COneDNN", exclude: ["README.md"],
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp", .when(platforms: [.linux])), .linkedLibrary("m")]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .target(name: "CRandomness"),
    .target(name: "Randomness", dependencies: ["CRandomness"], exclude: ["README.md"]),
    .target(name: "Parallelism", exclude: ["README.md"]),

    // Floor 2: our own kernels beside oneDNN's, arrays of numbers, and files and folders.
    .target(
      name: "ConvolutionKernels",
      dependencies: ["COneDNN"],
      exclude: ["README.md"],
      cxxSettings: [.headerSearchPath("../COneDNN")]),
    .target(name: "Tensors", dependencies: ["COneDNN", "COpenBLAS"], exclude: ["README.md"]),
    .target(name: "Files", dependencies: ["CNIfTI", "Parallelism", "SwiftCSV"], exclude: ["README.md"]),

    // Floor 3: differentiable networks, the Riemannian geometry (which knows no network), and images on disk.
    .target(
      name: "Networks", dependencies: ["COneDNN", "ConvolutionKernels", "Randomness", "Tensors"], exclude: ["README.md"]
    ),
    .target(
      name: "Geometry", dependencies: ["CDensity", "COpenBLAS", "Parallelism", "Randomness"], exclude: ["README.md"]),
    .target(
      name: "ImageFiles", dependencies: ["CJPEG", "CNIfTI", "CPNG", "CTIFF", "CZip", "Files"], exclude: ["README.md"]),

    // Floor 4: generative models, the classifier that judges them (and never sees them), statistics of what came of it;
    // DICOM files, images brought to one size, and the simulated cohort.
    .target(
      name: "Generators",
      dependencies: ["Geometry", "Networks", "Parallelism", "Randomness", "Tensors"],
      exclude: ["README.md"]),
    .target(
      name: "Classification", dependencies: ["Geometry", "Networks", "Randomness", "Tensors"], exclude: ["README.md"]),
    .target(
      name: "Assessment", dependencies: ["COpenBLAS", "Geometry", "Parallelism", "Randomness", "Tensors"],
      exclude: ["README.md"]),
    .target(name: "DICOMFiles", dependencies: ["CGDCM", "CNIfTI", "Files", "ImageFiles"], exclude: ["README.md"]),
    .target(name: "ImageSets", dependencies: ["Files", "ImageFiles", "Randomness"], exclude: ["README.md"]),
    .target(
      name: "Phantoms", dependencies: ["Files", "ImageFiles", "Parallelism", "Randomness"], exclude: ["README.md"]),

    // Floor 5: the ways of drawing from a model, and whose images they are.
    .target(
      name: "Samplers", dependencies: ["Generators", "Geometry", "Parallelism", "Randomness"], exclude: ["README.md"]),
    .target(
      name: "Cohorts",
      dependencies: ["DICOMFiles", "Files", "ImageFiles", "ImageSets", "Randomness"],
      exclude: ["README.md"]),

    // Floor 6: other people's data made into cohorts, and what a report's page shows.
    .target(
      name: "Importers",
      dependencies: ["Cohorts", "DICOMFiles", "Files", "ImageFiles", "ImageSets"],
      exclude: ["README.md"]),
    .target(
      name: "ArrayImporters",
      dependencies: ["CMatIO", "CNIfTI", "CZip", "Cohorts", "Files", "ImageFiles", "ImageSets", "Randomness"],
      exclude: ["README.md"]),
    .target(name: "Figures", dependencies: ["Cohorts", "Files", "ImageFiles", "ImageSets"], exclude: ["README.md"]),

    // Floor 7: the page, what is timed, and the recipe of an experiment.
    .target(
      name: "Reports",
      dependencies: ["Figures", .product(name: "Mustache", package: "swift-mustache")],
      exclude: ["README.md"]),
    .target(
      name: "Benchmarks",
      dependencies: [
        "COpenBLAS", "Classification", "Cohorts", "Files", "Generators", "Geometry", "ImageFiles", "ImageSets",
        "Networks", "Parallelism", "Randomness", "Tensors",
      ],
      exclude: ["README.md"]),
    .target(
      name: "Recipes",
      dependencies: [
        "Classification", "Cohorts", "Files", "Generators", "Geometry", "ImageFiles", "ImageSets", "Randomness",
        "Samplers", "Tensors", "Yams",
      ],
      exclude: ["README.md"]),

    // Floor 8: folders of runs, stages, checkpoints, progress.
    .target(
      name: "Runs",
      dependencies: ["COneDNN", "COpenSSL", "Files", "Generators", "Geometry", "Networks", "Parallelism", "Recipes"],
      exclude: ["README.md"]),

    // Floor 9: a recipe's images and their division.
    .target(
      name: "Datasets",
      dependencies: [
        "Assessment", "Classification", "Cohorts", "Files", "Geometry", "ImageFiles", "ImageSets", "Phantoms",
        "Randomness", "Recipes", "Runs", "Tensors",
      ],
      exclude: ["README.md"]),

    // Floor 10: models trained on them.
    .target(
      name: "Training",
      dependencies: [
        "Classification", "Datasets", "Files", "Generators", "Geometry", "ImageFiles", "ImageSets", "Networks",
        "Randomness", "Recipes", "Runs", "Samplers", "Tensors",
      ],
      exclude: ["README.md"]),

    // Floor 11: images drawn from models.
    .target(
      name: "Synthesis",
      dependencies: [
        "Assessment", "Cohorts", "Datasets", "Figures", "Files", "Generators", "Geometry", "ImageFiles", "ImageSets",
        "Phantoms", "Randomness", "Recipes", "Reports", "Runs", "Samplers", "Tensors", "Training",
      ],
      exclude: ["README.md"]),

    // Floor 12: classifiers trained on images, and what they answer; how long all of it will take.
    .target(
      name: "Evaluations",
      dependencies: [
        "Assessment", "Classification", "Cohorts", "Datasets", "Figures", "Files", "Geometry", "ImageFiles",
        "ImageSets", "Randomness", "Recipes", "Runs", "Samplers", "Synthesis", "Tensors",
      ],
      exclude: ["README.md"]),

    .target(
      name: "Forecasts",
      dependencies: [
        "Classification", "Datasets", "Files", "Generators", "Geometry", "ImageFiles", "ImageSets", "Networks",
        "Randomness", "Recipes", "Runs", "Samplers", "Tensors", "Training",
      ],
      exclude: ["README.md"]),

    // Floor 13: what synthetic images are worth, and whom they give away.
    .target(
      name: "Judgement",
      dependencies: [
        "Assessment", "Classification", "Cohorts", "Datasets", "Evaluations", "Figures", "Files", "Generators",
        "Geometry", "ImageFiles", "ImageSets", "Parallelism", "Randomness", "Recipes", "Runs", "Samplers",
        "Synthesis", "Tensors", "Training",
      ],
      exclude: ["README.md"]),

    // Floor 14: a run's results and page.
    .target(
      name: "RunReports",
      dependencies: [
        "Assessment", "Cohorts", "Datasets", "Evaluations", "Figures", "Files", "Geometry", "ImageFiles", "ImageSets",
        "Judgement", "Randomness", "Recipes", "Reports", "Runs", "Samplers", "Synthesis", "Tensors", "Training",
      ],
      exclude: ["README.md"]),

    // Floor 15: what is done in which order.
    .target(
      name: "Experiments",
      dependencies: [
        "Assessment", "Classification", "Cohorts", "Datasets", "Evaluations", "Figures", "Files", "Forecasts",
        "Generators", "Geometry", "ImageFiles", "ImageSets", "Judgement", "Networks", "Randomness", "Recipes",
        "Reports", "RunReports", "Runs", "Samplers", "Synthesis", "Tensors", "Training",
      ],
      exclude: ["README.md"]),

    // Floor 16: models and amounts compared, and the choice among ways of training.
    .target(
      name: "Comparisons",
      dependencies: [
        "Assessment", "Datasets", "Experiments", "Figures", "Files", "Forecasts", "Generators", "Geometry",
        "ImageFiles", "ImageSets", "Judgement", "Networks", "Randomness", "Recipes", "Reports", "Runs", "Samplers",
        "Synthesis", "Tensors", "Training",
      ],
      exclude: ["README.md"]),
    .target(
      name: "Automation",
      dependencies: [
        "Assessment", "Classification", "Cohorts", "Datasets", "Experiments", "Figures", "Files", "Generators",
        "Geometry", "ImageFiles", "ImageSets", "Judgement", "Networks", "Randomness", "Recipes", "Reports", "Runs",
        "Samplers", "Tensors", "Training",
      ],
      exclude: ["README.md"]),

    // Floor 17: an experiment as parts for a cluster.
    .target(
      name: "ClusterParts",
      dependencies: [
        "Classification", "Comparisons", "Datasets", "Evaluations", "Experiments", "Forecasts", "Generators",
        "Geometry", "ImageFiles", "ImageSets", "Judgement", "Networks", "Recipes", "RunReports", "Runs", "Samplers",
        "Synthesis",
        "Tensors", "Training",
      ],
      exclude: ["README.md"]),

    // Floor 18: the commands, parsing and printing only.
    .executableTarget(
      name: "manikin",
      dependencies: [
        "ArrayImporters", "Automation", "Benchmarks", "ClusterParts", "Cohorts", "Comparisons", "DICOMFiles",
        "Evaluations",
        "Experiments", "Figures", "Files", "Forecasts", "ImageFiles", "Importers", "Judgement", "Parallelism",
        "Phantoms", "Recipes", "Runs", "Synthesis", "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["README.md"]),

    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
    .testTarget(name: "ParallelismTests", dependencies: ["Parallelism"]),
    .testTarget(name: "TensorsTests", dependencies: ["Randomness", "Tensors"]),
    .testTarget(
      name: "ConvolutionKernelsTests", dependencies: ["COneDNN", "ConvolutionKernels", "Randomness", "Tensors"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "Randomness", "Tensors"]),
    .testTarget(name: "GeometryTests", dependencies: ["CDensity", "Geometry", "Randomness"]),
    // Files and folders made for tests.
    .target(
      name: "TestFiles",
      dependencies: ["CNIfTI", "CTIFF", "Files", "ImageFiles", "Randomness"],
      path: "Tests/TestFiles"),
    .testTarget(
      name: "ImageFilesTests",
      dependencies: [
        "CNIfTI", "CTIFF", "CZip", "Cohorts", "Files", "ImageFiles", "ImageSets", "Importers", "Randomness",
        "TestFiles",
      ]),
    .testTarget(
      name: "GeneratorsTests",
      dependencies: ["Generators", "Geometry", "Networks", "Randomness", "Samplers", "Tensors"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "ClassificationTests",
      dependencies: ["Classification", "Geometry", "Networks", "Randomness", "Tensors"],
      exclude: ["Fixtures"]),
    .testTarget(name: "AssessmentTests", dependencies: ["Assessment", "Geometry", "Randomness", "Tensors"]),
    .testTarget(name: "DICOMFilesTests", dependencies: ["DICOMFiles", "Files", "ImageFiles", "TestFiles"]),
    .testTarget(name: "ImageSetsTests", dependencies: ["Cohorts", "ImageFiles", "ImageSets", "TestFiles"]),
    .testTarget(
      name: "PhantomsTests", dependencies: ["Cohorts", "Files", "ImageFiles", "ImageSets", "Phantoms", "TestFiles"]),
    .testTarget(name: "SamplersTests", dependencies: ["Generators", "Geometry", "Randomness", "Samplers", "Tensors"]),
    .testTarget(
      name: "CohortsTests",
      dependencies: ["Cohorts", "Files", "ImageFiles", "ImageSets", "Importers", "Phantoms", "Randomness", "TestFiles"]),
    .testTarget(
      name: "ImportersTests",
      dependencies: ["Cohorts", "DICOMFiles", "Files", "ImageFiles", "ImageSets", "Importers", "TestFiles"]),
    .testTarget(
      name: "ArrayImportersTests",
      dependencies: ["ArrayImporters", "CNIfTI", "Cohorts", "Files", "ImageFiles", "ImageSets", "TestFiles"]),
    .testTarget(name: "FiguresTests", dependencies: ["Cohorts", "Figures", "Files", "ImageFiles"]),
    .testTarget(name: "ReportsTests", dependencies: ["Figures", "ImageFiles", "Randomness", "Reports"]),
    .testTarget(
      name: "AutomationTests",
      dependencies: [
        "Automation", "Datasets", "Experiments", "Files", "ImageFiles", "ImageSets", "Networks", "Randomness",
        "Recipes",
        "Runs", "Tensors",
      ]),
    .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks", "Generators", "Networks", "Tensors"]),
    .testTarget(
      name: "RecipesTests",
      dependencies: ["Comparisons", "Experiments", "Generators", "Recipes", "Runs", "Samplers", "TestFiles"]),
    .testTarget(
      name: "RunsTests",
      dependencies: ["Experiments", "Generators", "ImageSets", "Recipes", "Runs", "Samplers", "TestFiles"]),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "ImageFiles", "ImageSets", "Tensors"]),
    .testTarget(name: "TrainingTests", dependencies: ["Generators", "ImageFiles", "Recipes", "Samplers", "Training"]),
    .testTarget(
      name: "EvaluationsTests",
      dependencies: [
        "Assessment", "Classification", "Cohorts", "Evaluations", "Geometry", "ImageSets", "Judgement", "Randomness",
        "Recipes", "RunReports",
      ]),
    .testTarget(
      name: "JudgementTests",
      dependencies: ["Datasets", "Experiments", "Judgement", "Networks", "Recipes", "Runs", "Tensors", "TestFiles"]),
    .testTarget(
      name: "ForecastsTests",
      dependencies: ["Comparisons", "Experiments", "Forecasts", "Phantoms", "Recipes", "Runs", "Samplers", "TestFiles"]),
    .testTarget(name: "ExperimentsTests", dependencies: ["Experiments"]),
    .testTarget(
      name: "ComparisonsTests",
      dependencies: [
        "Comparisons", "Generators", "ImageFiles", "Judgement", "Phantoms", "Randomness", "Recipes", "Samplers",
        "Tensors",
      ]),
    .testTarget(name: "ManikinTests", dependencies: ["Cohorts", "ImageFiles", "Randomness", "manikin"]),
    // The readers as functions of bytes in memory: called by the short mutation test and by `make fuzz`.
    .target(
      name: "ReaderFuzzing",
      dependencies: [
        "ArrayImporters", "CNIfTI", "CTIFF", "DICOMFiles", "Files", "ImageFiles", "Networks", "Recipes", "Tensors",
      ],
      path: "Tests/ReaderFuzzing"),
    .testTarget(name: "ReaderFuzzingTests", dependencies: ["ImageFiles", "Randomness", "ReaderFuzzing"]),
  ],
  cxxLanguageStandard: .cxx17
)

// Rooms that go over pixels, weights or pairs are optimised, and their tests, which do the same in plain words. The
// others arrange work; without the optimiser they compile in a quarter of the time and run no slower. So a loop over
// many numbers belongs to one of these.
let optimised: Set = [
  "Assessment", "Benchmarks", "Classification", "ConvolutionKernels", "DICOMFiles", "Files", "Generators", "Geometry",
  "ImageFiles", "ImageSets", "Networks", "Parallelism", "Phantoms", "Randomness", "ReaderFuzzing", "Samplers",
  "Tensors", "TestFiles",
]
precondition(optimised.isSubset(of: package.targets.map(\.name)), "a room of this list is not a target")
for target in package.targets where target.type != .system {
  let room = target.name.hasSuffix("Tests") ? String(target.name.dropLast(5)) : target.name
  if !optimised.contains(room) {
    target.swiftSettings = [.unsafeFlags(["-Onone", "-assert-config", "Release"], .when(configuration: .release))]
  }
}

// libFuzzer's entry, built only by `make fuzz`, which sets the variable and keeps a build folder of its own.
if Context.environment["MANIKIN_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(name: "manikin-fuzz", dependencies: ["ReaderFuzzing"], path: "Tests/FuzzDriver"))
}
