/// The pixel grid that the phantom is drawn on: `[height, width]`, square pixels, the centre of the brain in the middle.
struct PhantomGrid: Sendable {
  let height: Int
  let width: Int
  /// Side of a pixel in millimetres.
  let spacing: Double

  /// Where the centre of a pixel lies, in millimetres from the middle of the grid.
  func position(row: Int, column: Int) -> SIMD2<Double> {
    SIMD2(Double(column) - Double(width - 1) / 2, Double(row) - Double(height - 1) / 2) * spacing
  }

  /// The signed distance of every pixel to a set of strokes in millimetres, at most `reach`.
  func distances(to strokes: [PhantomStroke], reach: Double) -> [Float] {
    var field = [Float](repeating: Float(reach), count: height * width)
    for stroke in strokes {
      for index in stroke.points.indices.dropLast() {
        lower(
          &field, from: stroke.points[index], to: stroke.points[index + 1], radius: stroke.radii[index],
          endRadius: stroke.radii[index + 1], reach: reach)
      }
    }
    return field
  }

  /// The signed distance of every pixel to a closed polygon in millimetres, negative inside, within plus and minus
  /// `reach`.
  func signedDistances(to polygon: [SIMD2<Double>], reach: Double) -> [Float] {
    let closed = polygon + polygon.prefix(1)
    var field = distances(
      to: [PhantomStroke(points: closed, radii: [Double](repeating: 0, count: closed.count))], reach: reach)
    let half = Double(width - 1) / 2
    for row in 0..<height {
      let y = position(row: row, column: 0).y
      var crossings: [Double] = []
      for index in polygon.indices {
        let a = closed[index]
        let b = closed[index + 1]
        if (a.y <= y) != (b.y <= y) {
          crossings.append((a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)) / spacing + half)
        }
      }
      crossings.sort()
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
        let first = max(0, Int(crossings[pair].rounded(.up)))
        let last = min(width - 1, Int(crossings[pair + 1].rounded(.down)))
        guard first <= last else { continue }
        for column in first...last { field[row * width + column].negate() }
      }
    }
    return field
  }

  /// Lowers the field to the signed distance of one capsule, wherever that is below `reach`.
  private func lower(
    _ field: inout [Float], from start: SIMD2<Double>, to end: SIMD2<Double>, radius: Double, endRadius: Double,
    reach: Double
  ) {
    let margin = reach + max(0, radius, endRadius)
    let half = SIMD2(Double(width - 1), Double(height - 1)) / 2
    let low = pointwiseMin(start, end) - margin
    let high = pointwiseMax(start, end) + margin
    let firstRow = max(0, Int((low.y / spacing + half.y).rounded(.up)))
    let lastRow = min(height - 1, Int((high.y / spacing + half.y).rounded(.down)))
    let firstColumn = max(0, Int((low.x / spacing + half.x).rounded(.up)))
    let lastColumn = min(width - 1, Int((high.x / spacing + half.x).rounded(.down)))
    guard firstRow <= lastRow, firstColumn <= lastColumn else { return }
    let dx = Float(end.x - start.x)
    let dy = Float(end.y - start.y)
    let inverse = 1 / max(dx * dx + dy * dy, 1e-9)
    let radius = Float(radius)
    let growth = Float(endRadius) - radius
    field.withUnsafeMutableBufferPointer { field in
      for row in firstRow...lastRow {
        let py = Float((Double(row) - half.y) * spacing - start.y)
        for column in firstColumn...lastColumn {
          let px = Float((Double(column) - half.x) * spacing - start.x)
          let t = min(max((px * dx + py * dy) * inverse, 0), 1)
          let ox = px - t * dx
          let oy = py - t * dy
          let distance = (ox * ox + oy * oy).squareRoot() - radius - t * growth
          if distance < field[row * width + column] { field[row * width + column] = distance }
        }
      }
    }
  }
}
