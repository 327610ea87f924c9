import Foundation

/// Settings of the process that have to be in its environment before the libraries load.
enum ComputeProcess {
  /// Starts the process again with passive waiting, unless the environment says otherwise.
  ///
  /// The OpenMP runtime reads the variable when it is loaded. Its idle threads spin by default, which costs many times
  /// the work itself as soon as another thread wants the core.
  static func prepare() {
    #if os(Linux)
      guard getenv("OMP_WAIT_POLICY") == nil else { return }
      setenv("OMP_WAIT_POLICY", "passive", 1)
      setenv("OPENBLAS_NUM_THREADS", "1", 0)
      execv("/proc/self/exe", CommandLine.unsafeArgv)
    // If that fails, the work is only slower.
    #endif
  }
}
