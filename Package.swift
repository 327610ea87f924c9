// swift-tools-version: 6.1
import PackageDescription

// The floors of the house: a target may depend only on targets of the floors above it in this list.
// `make lint` checks every import in the sources against these dependencies.
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

    // Floor 2: arrays of numbers, and files and folders.
    .target(
      name: "Tensors", dependencies: ["COneDNN", "COpenBLAS", "Randomness"], exclude: ["README.md"]),
    .target(
      name: "Files", dependencies: ["CNIfTI", "Parallelism", "SwiftCSV"], exclude: ["README.md"]),

    // Floor 3: differentiable networks, the Riemannian geometry (which knows no network), and images on disk.
    .target(
      name: "Networks", dependencies: ["COneDNN", "COpenBLAS", "Tensors", "Randomness"], exclude: ["README.md"]),
    .target(
      name: "Geometry", dependencies: ["CDensity", "COpenBLAS", "Parallelism", "Randomness"], exclude: ["README.md"]),
    .target(
      name: "ImageFiles", dependencies: ["CJPEG", "CNIfTI", "CPNG", "CTIFF", "CZip", "Files"], exclude: ["README.md"]),

    // Floor 4: generative models, the classifier that judges them (and never sees them), statistics of what came of it;
    // DICOM files, images brought to one size, and the simulated cohort.
    .target(
      name: "Generators", dependencies: ["Networks", "Geometry", "Tensors", "Parallelism", "Randomness"],
      exclude: ["README.md"]),
    .target(
      name: "Classification", dependencies: ["Networks", "Geometry", "Tensors", "Randomness"], exclude: ["README.md"]),
    .target(
      name: "Assessment", dependencies: ["COpenBLAS", "Geometry", "Parallelism", "Randomness"], exclude: ["README.md"]),
    .target(name: "DICOMFiles", dependencies: ["CGDCM", "CNIfTI", "Files", "ImageFiles"], exclude: ["README.md"]),
    .target(name: "ImageSets", dependencies: ["Files", "ImageFiles"], exclude: ["README.md"]),
    .target(
      name: "Phantoms", dependencies: ["Files", "ImageFiles", "Parallelism", "Randomness"], exclude: ["README.md"]),

    // Floor 5: whose images they are.
    .target(
      name: "Cohorts", dependencies: ["DICOMFiles", "Files", "ImageFiles", "ImageSets", "Randomness"],
      exclude: ["README.md"]),

    // Floor 6: other people's data made into cohorts, and the report's page.
    .target(
      name: "Importers", dependencies: ["Cohorts", "DICOMFiles", "Files", "ImageFiles", "ImageSets"],
      exclude: ["README.md"]),
    .target(
      name: "ArrayImporters",
      dependencies: ["CMatIO", "CNIfTI", "CZip", "Cohorts", "Files", "ImageFiles", "ImageSets", "Randomness"],
      exclude: ["README.md"]),
    .target(
      name: "Reports",
      dependencies: [
        "Cohorts", "Files", "ImageFiles", "ImageSets", .product(name: "Mustache", package: "swift-mustache"),
      ],
      exclude: ["README.md"]),

    // Floor 7: recipes, run folders, stages, repeats and statistics.
    .target(
      name: "Experiments",
      dependencies: [
        "Cohorts", "Files", "ImageFiles", "ImageSets", "Phantoms", "Networks", "Geometry", "Generators",
        "Classification", "Assessment", "Reports", "Tensors", "Parallelism", "Randomness", "COneDNN", "COpenSSL",
        "Yams",
      ],
      exclude: ["README.md"]),

    // Floor 8: the choice among ways of training, on inner folds and outer divisions.
    .target(
      name: "Automation",
      dependencies: [
        "Assessment", "Classification", "Cohorts", "Experiments", "Files", "Generators", "Geometry", "ImageFiles",
        "ImageSets", "Networks", "Randomness", "Reports", "Tensors",
      ],
      exclude: ["README.md"]),

    // What is timed, beside the other libraries' scripts.
    .target(
      name: "Benchmarks",
      dependencies: [
        "COpenBLAS", "Classification", "Cohorts", "Files", "Generators", "Geometry", "ImageFiles", "ImageSets",
        "Networks", "Parallelism", "Randomness", "Tensors",
      ],
      exclude: ["README.md"]),

    // Floor 9: the commands, parsing and printing only.
    .executableTarget(
      name: "manikin",
      dependencies: [
        "ArrayImporters", "Automation", "Benchmarks", "Cohorts", "DICOMFiles", "Experiments", "Files", "ImageFiles",
        "Importers",
        "Phantoms", "Generators", "Classification", "Geometry", "Reports", "Parallelism",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["README.md"]),

    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
    .testTarget(name: "ParallelismTests", dependencies: ["Parallelism"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "Randomness"]),
    // Files and folders made for tests.
    .target(
      name: "TestFiles", dependencies: ["CNIfTI", "CTIFF", "Files", "ImageFiles", "Randomness"], path: "Tests/TestFiles"
    ),
    .testTarget(
      name: "ImageFilesTests",
      dependencies: [
        "CNIfTI", "CTIFF", "CZip", "Cohorts", "Files", "ImageFiles", "ImageSets", "Importers", "Randomness",
        "TestFiles",
      ]),
    .testTarget(name: "DICOMFilesTests", dependencies: ["DICOMFiles", "Files", "ImageFiles", "TestFiles"]),
    .testTarget(name: "ImageSetsTests", dependencies: ["Cohorts", "ImageFiles", "ImageSets", "TestFiles"]),
    .testTarget(
      name: "CohortsTests",
      dependencies: [
        "Cohorts", "Files", "ImageFiles", "ImageSets", "Importers", "Phantoms", "Randomness", "TestFiles",
      ]),
    .testTarget(
      name: "ImportersTests",
      dependencies: ["Cohorts", "DICOMFiles", "Files", "ImageFiles", "ImageSets", "Importers", "TestFiles"]),
    .testTarget(
      name: "ArrayImportersTests",
      dependencies: ["ArrayImporters", "CNIfTI", "Cohorts", "Files", "ImageFiles", "ImageSets", "TestFiles"]),
    .testTarget(
      name: "PhantomsTests", dependencies: ["Cohorts", "Files", "ImageFiles", "ImageSets", "Phantoms", "TestFiles"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "COneDNN", "Tensors", "Randomness"]),
    .testTarget(name: "GeometryTests", dependencies: ["CDensity", "Geometry", "Randomness"]),
    .testTarget(
      name: "GeneratorsTests", dependencies: ["Generators", "Networks", "Geometry", "Tensors", "Randomness"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "ClassificationTests",
      dependencies: ["Classification", "Networks", "Geometry", "Tensors", "Randomness"], exclude: ["Fixtures"]),
    .testTarget(name: "AssessmentTests", dependencies: ["Assessment", "Geometry", "Randomness"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "Cohorts", "Files", "ImageFiles", "Randomness"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Experiments", "Assessment", "Classification", "Cohorts", "Generators", "Geometry", "ImageFiles", "ImageSets",
        "Networks", "Phantoms", "Randomness", "Tensors",
      ]),
    .testTarget(
      name: "AutomationTests",
      dependencies: [
        "Assessment", "Automation", "Classification", "Cohorts", "Experiments", "ImageFiles", "ImageSets", "Randomness",
        "Tensors",
      ]),
    .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks", "Generators", "Networks", "Tensors"]),
    .testTarget(name: "ManikinTests", dependencies: ["manikin", "Cohorts", "ImageFiles", "Randomness"]),
    // The readers as functions of bytes in memory: called by the short mutation test and by `make fuzz`.
    .target(
      name: "ReaderFuzzing",
      dependencies: [
        "ArrayImporters", "CNIfTI", "CTIFF", "DICOMFiles", "Experiments", "Files", "ImageFiles", "Networks", "Tensors",
      ],
      path: "Tests/ReaderFuzzing"),
    .testTarget(name: "ReaderFuzzingTests", dependencies: ["ReaderFuzzing", "ImageFiles", "Randomness"]),
  ],
  cxxLanguageStandard: .cxx17
)

// libFuzzer's entry, built only by `make fuzz`, which sets the variable and keeps a build folder of its own.
if Context.environment["MANIKIN_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(name: "manikin-fuzz", dependencies: ["ReaderFuzzing"], path: "Tests/FuzzDriver"))
}
