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
    .target(name: "CDensity", linkerSettings: [.linkedLibrary("m")]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(
      name: "COneDNN",
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp", .when(platforms: [.linux])), .linkedLibrary("m")]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .target(name: "CRandomness"),
    .target(name: "Randomness", dependencies: ["CRandomness"]),
    .target(name: "Parallelism"),

    // Floor 2: arrays of numbers, and images on disk.
    .target(name: "Tensors", dependencies: ["COneDNN", "COpenBLAS", "Randomness"]),
    .target(
      name: "Imaging",
      dependencies: [
        "CGDCM", "CJPEG", "CMatIO", "CNIfTI", "CPNG", "CTIFF", "CZip", "Parallelism", "Randomness", "SwiftCSV",
      ]),

    // Floor 3: differentiable networks, and the Riemannian geometry (which knows no network).
    .target(name: "Networks", dependencies: ["COneDNN", "COpenBLAS", "Tensors", "Randomness"]),
    .target(name: "Geometry", dependencies: ["CDensity", "COpenBLAS", "Parallelism", "Randomness"]),

    // Floor 4: generative models, the classifier that judges them (and never sees them), statistics of what came of it,
    // and the report's page.
    .target(name: "Generators", dependencies: ["Networks", "Geometry", "Tensors", "Parallelism", "Randomness"]),
    .target(name: "Classification", dependencies: ["Networks", "Geometry", "Tensors", "Randomness"]),
    .target(name: "Assessment", dependencies: ["COpenBLAS", "Geometry", "Parallelism", "Randomness"]),
    .target(name: "Reports", dependencies: ["Imaging", .product(name: "Mustache", package: "swift-mustache")]),

    // Floor 5: recipes, run folders, stages, repeats and statistics.
    .target(
      name: "Experiments",
      dependencies: [
        "Imaging", "Networks", "Geometry", "Generators", "Classification", "Assessment", "Reports", "Tensors",
        "Parallelism", "Randomness", "COneDNN", "COpenSSL", "Yams",
      ]),

    // What is timed, beside the other libraries' scripts.
    .target(
      name: "Benchmarks",
      dependencies: [
        "COpenBLAS", "Classification", "Generators", "Geometry", "Imaging", "Networks", "Parallelism", "Randomness",
        "Tensors",
      ]),

    // Floor 6: the choice among ways of training, on inner folds and outer divisions.
    .target(
      name: "Automation",
      dependencies: [
        "Assessment", "Classification", "Experiments", "Generators", "Geometry", "Imaging", "Networks", "Randomness",
        "Reports", "Tensors",
      ]),

    // Floor 7: the commands, parsing and printing only.
    .executableTarget(
      name: "manikin",
      dependencies: [
        "Automation", "Benchmarks", "Experiments", "Imaging", "Generators", "Classification", "Geometry", "Reports",
        "Parallelism",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
    .testTarget(name: "ParallelismTests", dependencies: ["Parallelism"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "Randomness"]),
    .testTarget(name: "ImagingTests", dependencies: ["CNIfTI", "CTIFF", "CZip", "Imaging", "Randomness"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "COneDNN", "Tensors", "Randomness"]),
    .testTarget(name: "GeometryTests", dependencies: ["CDensity", "Geometry", "Randomness"]),
    .testTarget(
      name: "GeneratorsTests", dependencies: ["Generators", "Networks", "Geometry", "Tensors", "Randomness"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "ClassificationTests",
      dependencies: ["Classification", "Networks", "Geometry", "Tensors", "Randomness"], exclude: ["Fixtures"]),
    .testTarget(name: "AssessmentTests", dependencies: ["Assessment", "Geometry", "Randomness"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "Imaging", "Randomness"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Experiments", "Assessment", "Classification", "Generators", "Geometry", "Imaging", "Networks", "Randomness",
        "Tensors",
      ]),
    .testTarget(
      name: "AutomationTests",
      dependencies: ["Assessment", "Automation", "Classification", "Experiments", "Imaging", "Randomness", "Tensors"]),
    .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks", "Generators", "Networks", "Tensors"]),
    .testTarget(name: "ManikinTests", dependencies: ["manikin", "Imaging"]),
    // The readers as functions of bytes in memory: called by the short mutation test and by `make fuzz`.
    .target(
      name: "ReaderFuzzing", dependencies: ["CNIfTI", "CTIFF", "Experiments", "Imaging", "Networks", "Tensors"],
      path: "Tests/ReaderFuzzing"),
    .testTarget(name: "ReaderFuzzingTests", dependencies: ["ReaderFuzzing", "Randomness"]),
  ],
  cxxLanguageStandard: .cxx17
)

// libFuzzer's entry, built only by `make fuzz`, which sets the variable and keeps a build folder of its own.
if Context.environment["MANIKIN_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(name: "manikin-fuzz", dependencies: ["ReaderFuzzing"], path: "Tests/FuzzDriver"))
}
