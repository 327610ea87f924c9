import COneDNN

/// Memory that is kept for the next step of the same work.
public enum ComputeMemory {
  /// Returns to the system what no tensor and no kernel is using, for use between stages whose sizes differ.
  public static func release() {
    BufferPool.shared.trim()
    conednn_release()
  }
}
