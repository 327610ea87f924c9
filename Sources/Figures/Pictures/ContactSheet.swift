/// Pictures laid out in a grid with gutters, as one picture.
///
/// Every cell has the size of the largest picture; smaller ones sit in the middle of theirs. The sheet is in colour if any
/// picture is.
public struct ContactSheet: Sendable, Equatable {
  /// The number of columns of cells.
  public let columns: Int
  /// The number of rows of cells.
  public let rows: Int
  /// The width of a cell in pixels.
  public let cellWidth: Int
  /// The height of a cell in pixels.
  public let cellHeight: Int
  /// The whole sheet.
  public let picture: Picture

  /// Lays out at least one picture, row by row, in `columns` columns (fewer when there are fewer pictures), with
  /// `gutter` pixels of the grey `background` between cells; there is no gutter round the sheet.
  public init(_ pictures: [Picture], columns: Int, gutter: Int = 2, background: UInt8 = 0) {
    precondition(!pictures.isEmpty && columns > 0 && gutter >= 0, "a contact sheet needs a picture and a column")
    self.columns = min(columns, pictures.count)
    rows = (pictures.count + self.columns - 1) / self.columns
    cellWidth = pictures.map(\.width).max()!
    cellHeight = pictures.map(\.height).max()!
    let width = self.columns * (cellWidth + gutter) - gutter
    let height = rows * (cellHeight + gutter) - gutter
    let channels = pictures.map(\.channels).max()!
    var sheet = Picture(
      width: width, height: height, channels: channels,
      pixels: [UInt8](repeating: background, count: width * height * channels))
    for (index, picture) in pictures.enumerated() {
      sheet.draw(
        channels == 3 ? picture.coloured : picture,
        row: index / self.columns * (cellHeight + gutter) + (cellHeight - picture.height) / 2,
        column: index % self.columns * (cellWidth + gutter) + (cellWidth - picture.width) / 2)
    }
    picture = sheet
  }
}
