// swift-tools-version: 6.1
import PackageDescription

// The floors of the house: a target may depend only on targets of the floors above it in this list.
// `make lint` checks every import in the sources against these dependencies.
let package = Package(
  name: "manikin",
  platforms: [.macOS(.v15)],
  targets: [
    // Floor 1: system libraries behind a shim header each, and random streams.
    .target(
      name: "CNIfTI",
      linkerSettings: [.linkedLibrary("niftiio"), .linkedLibrary("znz"), .linkedLibrary("z")]),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(
      name: "COneDNN",
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp", .when(platforms: [.linux])), .linkedLibrary("m")]),
    .target(name: "Randomness"),

    // Floor 2: arrays of numbers, and images on disk.
    .target(name: "Tensors", dependencies: ["COpenBLAS", "Randomness"]),
    .target(name: "Imaging", dependencies: ["CNIfTI", "CPNG", "Randomness"]),

    // Floor 3: differentiable networks, and the Riemannian geometry (which knows no network).
    .target(name: "Networks", dependencies: ["COneDNN", "COpenBLAS", "Tensors", "Randomness"]),
    .target(name: "Geometry", dependencies: ["COpenBLAS", "Randomness"]),

    // Floor 4: generative models, the classifier that judges them (and never sees them), and the report's page.
    .target(name: "Generators", dependencies: ["Networks", "Geometry", "Tensors", "Randomness"]),
    .target(name: "Classification", dependencies: ["Networks", "Tensors", "Randomness"]),
    .target(name: "Reports", dependencies: ["Imaging"]),

    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "Randomness"]),
    .testTarget(name: "ImagingTests", dependencies: ["Imaging", "Randomness"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "COneDNN", "Tensors", "Randomness"]),
    .testTarget(name: "GeometryTests", dependencies: ["Geometry", "Randomness"]),
    .testTarget(
      name: "GeneratorsTests", dependencies: ["Generators", "Networks", "Geometry", "Tensors", "Randomness"]),
    .testTarget(name: "ClassificationTests", dependencies: ["Classification", "Tensors", "Randomness"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports"]),
  ],
  cxxLanguageStandard: .cxx17
)
