import COpenBLAS

/// Keeps OpenBLAS on the calling thread, for the whole process and from the first product on.
///
/// The chains are what is spread over the cores, so a product within one of them stays on its thread: many small
/// products that each wake all threads wait for each other, and how a product is split could change its last bit.
enum SingleThreadedBLAS {
  private static let set: Void = openblas_set_num_threads(1)

  /// Every call into OpenBLAS comes after a call of this; only the first one does anything.
  static func prepare() { set }
}
