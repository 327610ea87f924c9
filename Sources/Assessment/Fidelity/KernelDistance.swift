import Geometry

/// The kernel distance (KID): the unbiased estimate of the squared maximum mean discrepancy under the kernel
/// (x y / d + 1)^3. It may be negative when the sets are alike.
///
/// Source: Bińkowski et al., "Demystifying MMD GANs", ICLR 2018, section 4, equation 4. All points are used at once,
/// not the mean over random subsets.
public enum KernelDistance {
  /// - Parameters:
  ///   - first: `[m, d]`, at least two points.
  ///   - second: `[n, d]`, at least two points.
  public static func between(_ first: Matrix, _ second: Matrix) -> Double {
    precondition(
      first.columns == second.columns && first.columns > 0 && first.rows > 1 && second.rows > 1,
      "a kernel distance between [\(first.rows), \(first.columns)] and [\(second.rows), \(second.columns)]")
    func meanKernel(_ a: Matrix, _ b: Matrix, skippingDiagonal: Bool) -> Double {
      let transposed = b.transposed
      var sum = 0.0
      // The products of some rows at a time: of all they would be 8 GB for 30,000 images.
      let size = max(1, (64 << 20) / 8 / b.rows)
      for start in stride(from: 0, to: a.rows, by: size) {
        let rows = Array(start..<min(start + size, a.rows))
        let products = a.selectingRows(rows).multiplied(by: transposed)
        for (place, row) in rows.enumerated() {
          for column in 0..<b.rows where !(skippingDiagonal && row == column) {
            let base = products[place, column] / Double(a.columns) + 1
            sum += base * base * base
          }
        }
      }
      return sum / Double(a.rows * (skippingDiagonal ? b.rows - 1 : b.rows))
    }
    return meanKernel(first, first, skippingDiagonal: true) + meanKernel(second, second, skippingDiagonal: true)
      - 2 * meanKernel(first, second, skippingDiagonal: false)
  }
}
