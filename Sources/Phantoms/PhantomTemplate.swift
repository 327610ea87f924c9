/// The right half of an average young brain in an axial plane through the lateral ventricles: landmarks in millimetres.
///
/// Control points are (x, y) or (x, y, radius); x grows from the midline to the side, y from the front to the back.
/// The other half is its mirror image; each subject jitters both halves on their own.
enum PhantomTemplate {
  /// The outer edge of the hemisphere, from the midline in front to the midline at the back.
  static let outline: [SIMD2<Double>] = [
    SIMD2(2, -80), SIMD2(10, -84.5), SIMD2(25, -81), SIMD2(39, -71.5), SIMD2(50, -57), SIMD2(57.5, -39),
    SIMD2(62.5, -19),
    SIMD2(65.5, 1), SIMD2(66.5, 19), SIMD2(64, 37), SIMD2(57.5, 53.5), SIMD2(46.5, 68), SIMD2(33, 78.5),
    SIMD2(19, 83.5), SIMD2(9, 84), SIMD2(2, 79.5),
  ]

  /// The fissure between the hemispheres, from the frontal pole to the genu of the corpus callosum.
  static let frontalFissure: [SIMD2<Double>] = [SIMD2(0, -90), SIMD2(0, -74), SIMD2(0, -60), SIMD2(0, -46)]
  /// The fissure between the hemispheres, from the splenium of the corpus callosum to the occipital pole.
  static let occipitalFissure: [SIMD2<Double>] = [SIMD2(0, 43), SIMD2(0, 56), SIMD2(0, 72), SIMD2(0, 90)]

  /// A named sulcus: where it opens and leads, how wide it is beside others, whether it opens at the outer edge (or at
  /// the midline), and whether it must arrive (the Sylvian fissure joins the insula) or may stop before another.
  struct Sulcus {
    var path: [SIMD2<Double>]
    var width = 1.0
    var atSurface = true
    var mustArrive = false
  }

  /// The insula with the deep part of the Sylvian fissure over it, from front to back.
  static let insula: [SIMD2<Double>] = [
    SIMD2(33, -25), SIMD2(36, -19), SIMD2(38.5, -13), SIMD2(39, -6), SIMD2(40, 1), SIMD2(39.5, 8), SIMD2(39, 14),
    SIMD2(36, 20),
  ]

  static let sulci: [Sulcus] = [
    // The Sylvian fissure, from the outer edge to the insula.
    Sulcus(path: [SIMD2(67, 2), SIMD2(57, 4), SIMD2(48, 1), SIMD2(40.5, 2)], width: 1.6, mustArrive: true),
    // Frontal: superior, middle, inferior, and the ramus before the operculum.
    Sulcus(path: [SIMD2(22, -84), SIMD2(20, -72), SIMD2(21, -57)]),
    Sulcus(path: [SIMD2(39, -74), SIMD2(33, -63), SIMD2(29, -50)]),
    Sulcus(path: [SIMD2(52, -58), SIMD2(43, -50), SIMD2(36, -41)], width: 1.1),
    Sulcus(path: [SIMD2(60, -36), SIMD2(51, -33), SIMD2(44, -28)]),
    Sulcus(path: [SIMD2(65, -15), SIMD2(56, -15), SIMD2(48, -13)], width: 1.1),
    // Temporal and occipital: superior temporal with its end behind the insula, middle temporal, lateral occipital.
    Sulcus(path: [SIMD2(68, 20), SIMD2(57, 21), SIMD2(48, 27), SIMD2(41, 29)], width: 1.2),
    Sulcus(path: [SIMD2(65, 38), SIMD2(54, 38), SIMD2(45, 43)]),
    Sulcus(path: [SIMD2(56, 56), SIMD2(48, 52), SIMD2(38, 50)], width: 1.1),
    Sulcus(path: [SIMD2(41, 74), SIMD2(36, 65), SIMD2(30, 60)]),
    Sulcus(path: [SIMD2(23, 85), SIMD2(22, 75), SIMD2(18, 69)]),
    // At the midline: medial frontal, cingulate, parieto-occipital with the calcarine, retrosplenial.
    Sulcus(path: [SIMD2(0, -73), SIMD2(8, -71), SIMD2(13, -67)], width: 0.8, atSurface: false),
    Sulcus(path: [SIMD2(0, -62), SIMD2(8, -59), SIMD2(12, -52), SIMD2(11, -46)], atSurface: false),
    Sulcus(path: [SIMD2(0, 56), SIMD2(8, 53), SIMD2(16, 54), SIMD2(21, 58)], width: 1.2, atSurface: false),
    Sulcus(path: [SIMD2(0, 69), SIMD2(7, 67), SIMD2(12, 64)], width: 0.9, atSurface: false),
    Sulcus(path: [SIMD2(0, 45), SIMD2(6, 44), SIMD2(11, 46)], width: 0.8, atSurface: false),
  ]

  /// The lateral ventricle of a young adult, from the tip of the frontal horn to the occipital horn.
  ///
  /// Between the horn and the atrium lies the body, which the plane meets (`level` 1) or passes below (`level` 0).
  static func lateralVentricle(level: Double) -> [SIMD3<Double>] {
    [
      SIMD3(15, -35, 0.7), SIMD3(12, -32.5, 1.7), SIMD3(8, -27, 2.6), SIMD3(5.2, -19, 2.7), SIMD3(4, -10, 2.0),
      SIMD3(4.2, 0, -0.9 + 2.5 * level), SIMD3(7.5, 10, -0.6 + 2.7 * level), SIMD3(14, 19, 2.0 + 0.8 * level),
      SIMD3(20.5, 26.5, 3.5), SIMD3(24.5, 34, 3.1), SIMD3(26, 41, 1.3),
    ]
  }

  /// The slit of the third ventricle, which shows below the body of the lateral ventricles.
  static func thirdVentricle(level: Double) -> [SIMD3<Double>] {
    let radius = 1.3 - 1.5 * level
    return [SIMD3(0, -4, radius - 0.5), SIMD3(0, 3, radius), SIMD3(0, 10, radius), SIMD3(0, 16, radius - 0.5)]
  }

  /// The cistern above the pineal gland and before the splenium.
  static let cistern: [SIMD3<Double>] = [SIMD3(0, 20, 0.1), SIMD3(0, 24, 0.8), SIMD3(0, 27, 0.1)]

  /// The choroid plexus in the atrium.
  static let choroidPlexus: [SIMD3<Double>] = [SIMD3(17.5, 24.5, 0.4), SIMD3(20, 28.5, 1.3), SIMD3(21.5, 32, 0.7)]

  /// A deep nucleus: its shape, and how bright it is from grey matter (0) to white matter (1).
  struct Nucleus {
    var shape: [SIMD3<Double>]
    var whiteness: Double
  }

  static let nuclei: [Nucleus] = [
    // Thalamus.
    Nucleus(shape: [SIMD3(7.5, 0, 3.8), SIMD3(10, 6, 6.6), SIMD3(13.5, 11, 6.2), SIMD3(17, 16, 4)], whiteness: 0.25),
    // Caudate: head beside the frontal horn, then the thin body.
    Nucleus(
      shape: [
        SIMD3(15.5, -29, 1.2), SIMD3(13.5, -22, 3.6), SIMD3(11, -14, 3.4), SIMD3(10.5, -6, 1.8), SIMD3(12, 0, 0.6),
      ],
      whiteness: 0.05),
    // Putamen.
    Nucleus(
      shape: [SIMD3(20, -22, 1.6), SIMD3(24.5, -14, 3.8), SIMD3(28, -4, 4.0), SIMD3(29.5, 5, 2.9), SIMD3(29, 12, 0.8)],
      whiteness: 0.12),
    // Pallidum.
    Nucleus(shape: [SIMD3(18.5, -11, 1.2), SIMD3(21, -4.5, 3.2), SIMD3(23.5, 3, 1.8)], whiteness: 0.6),
    // Claustrum.
    Nucleus(
      shape: [SIMD3(29, -18, 0.2), SIMD3(33.5, -6, 0.5), SIMD3(34.3, 4, 0.5), SIMD3(32.5, 12, 0.2)], whiteness: 0.45),
  ]
}
