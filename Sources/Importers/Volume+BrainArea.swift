import ImageFiles
import ImageSets

extension Volume {
  /// The index of the slice with the most voxels of the head or brain; the first of those that have equally many.
  ///
  /// A voxel counts if it is above t2 + 0.1 (t98 - t2), where t2 and t98 are the percentiles of all voxels.
  ///
  /// Source: Smith, "Fast robust automated brain extraction", Human Brain Mapping 17 (2002), section "Estimation of basic
  /// image and brain parameters".
  func largestSlice(across plane: Plane) -> Int {
    let slices = count(across: plane)
    var (low, high) = (Float.infinity, -Float.infinity)
    for index in 0..<slices {
      let range = Preprocessing.range(of: slice(plane, index: index).luminance.pixels)
      (low, high) = (min(low, range.low), max(high, range.high))
    }
    guard high > low else { return slices / 2 }
    let bins = 1000
    var histogram = [Int](repeating: 0, count: bins)
    let scale = Double(bins) / (Double(high) - Double(low))
    for index in 0..<slices {
      for value in slice(plane, index: index).luminance.pixels {
        histogram[min(bins - 1, Int((Double(value) - Double(low)) * scale))] += 1
      }
    }
    let total = histogram.reduce(0, +)
    func percentile(_ share: Double) -> Double {
      var sum = 0
      for bin in 0..<bins {
        sum += histogram[bin]
        if Double(sum) >= share * Double(total) { return Double(low) + Double(bin) / scale }
      }
      return Double(high)
    }
    let (bottom, top) = (percentile(0.02), percentile(0.98))
    let threshold = Float(bottom + 0.1 * (top - bottom))
    var best = (index: 0, area: -1)
    for index in 0..<slices {
      let area = slice(plane, index: index).luminance.pixels.count { $0 > threshold }
      if area > best.area { best = (index, area) }
    }
    return best.index
  }
}
