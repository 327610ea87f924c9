import Figures
import Foundation

/// Real images on a contact sheet, and synthetic ones each beside its nearest training image.
struct PictureSection {
  private let distanceMeaning: String?
  private let classes: [ClassView]

  private struct ClassView {
    let className: String
    let summary: String?
    let real: RealSheet?
    let hasPairs: Bool
    let pairs: [Pair]
  }

  private struct RealSheet {
    let image: EmbeddedPicture
    let sheetCaption: String
    let fileNames: [String]
  }

  private struct Pair {
    let image: EmbeddedPicture
    let name: String
    let nearestName: String?
    let distance: String?
  }

  init?(_ content: ReportContent) throws {
    let shown = content.pictures.filter { !$0.real.isEmpty || !$0.synthetic.isEmpty }
    guard !shown.isEmpty else { return nil }
    let hasDistances = shown.flatMap(\.synthetic).contains { $0.distance != nil }
    distanceMeaning = hasDistances ? content.distanceMeaning : nil
    let decimals = NumberText.decimals(for: shown.flatMap(\.synthetic).compactMap(\.distance))
    classes = try shown.map { pictures in
      ClassView(
        className: pictures.className, summary: pictures.summary, real: try Self.sheet(pictures),
        hasPairs: !pictures.synthetic.isEmpty,
        pairs: try pictures.synthetic.map { synthetic in
          try Self.pair(synthetic, className: pictures.className, decimals: decimals)
        })
    }
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "pictures", heading: "Pictures",
      body: try PageTemplate(name: "pictures", source: Self.source).render(self))
  }

  private static func sheet(_ pictures: ClassPictures) throws -> RealSheet? {
    guard !pictures.real.isEmpty else { return nil }
    let caption =
      pictures.real.count == 1 ? "One real image" : "\(pictures.real.count) real images"
    let names = pictures.real.map(\.name)
    let image = try EmbeddedPicture(
      pictures.real.map(\.picture), columns: pictures.real.count > 16 ? 6 : 4,
      alternative: "\(caption) of \(pictures.className): \(names.joined(separator: ", "))",
      name: "of the real images of \(pictures.className)")
    return RealSheet(image: image, sheetCaption: caption, fileNames: names)
  }

  private static func pair(_ synthetic: SyntheticPicture, className: String, decimals: Int) throws -> Pair {
    let distance = synthetic.distance.flatMap { $0.isFinite ? NumberText.fixed($0, decimals: decimals) : nil }
    var alternative = "Synthetic image \(synthetic.name) of \(className)"
    if let nearest = synthetic.nearest { alternative += " beside its nearest training image \(nearest.name)" }
    if let distance { alternative += ", distance \(distance)" }
    let pictures = [synthetic.picture] + (synthetic.nearest.map { [$0.picture] } ?? [])
    return Pair(
      image: try EmbeddedPicture(pictures, columns: 2, alternative: alternative, name: synthetic.name),
      name: synthetic.name, nearestName: synthetic.nearest?.name, distance: distance)
  }

  private static let source = """
    {{#distanceMeaning}}
    <p class="remark">Each synthetic image (left) stands beside its nearest training image (right). Distance: {{distanceMeaning}}</p>
    {{/distanceMeaning}}
    {{#classes}}
    <div class="class-pictures">
    <h3>{{className}}{{#summary}} <small>{{summary}}</small>{{/summary}}</h3>
    <div class="sheets">
    {{#real}}
    <figure class="sheet">
    {{#image}}\(EmbeddedPicture.source){{/image}}
    <figcaption>{{sheetCaption}}
    <details><summary>File names, row by row</summary><ol>{{#fileNames}}<li>{{.}}</li>{{/fileNames}}</ol></details>
    </figcaption>
    </figure>
    {{/real}}
    {{#hasPairs}}
    <div class="pairs">
    {{#pairs}}
    <figure class="pair">
    {{#image}}\(EmbeddedPicture.source){{/image}}
    <figcaption>{{#distance}}<b>distance {{distance}}</b>{{/distance}}<span>{{name}}</span>{{#nearestName}}<span>nearest {{nearestName}}</span>{{/nearestName}}</figcaption>
    </figure>
    {{/pairs}}
    </div>
    {{/hasPairs}}
    </div>
    </div>
    {{/classes}}

    """
}

/// A contact sheet as an image element whose bytes are in the page.
struct EmbeddedPicture {
  let address: String
  let alternative: String
  let width: Int
  let height: Int
  let isEnlarged: Bool

  /// The longest side, in pixels, that one picture keeps; larger ones are made smaller by averaging.
  private static let longestSide = 256
  /// The width, in pixels of the page, up to which small pictures are enlarged by a whole factor.
  private static let readableWidth = 96.0

  /// Lays `pictures` out in a sheet; `name` says which picture an error is about.
  init(_ pictures: [Picture], columns: Int, alternative: String, name: String) throws {
    let sheet = ContactSheet(
      pictures.map { $0.reduced(toLongestSide: Self.longestSide) }, columns: columns, gutter: 2, background: 40)
    let data: Data
    do {
      data = try sheet.picture.pngData()
    } catch {
      throw ReportsError.picture(name: name, reason: "\(error)")
    }
    let factor = max(1, Int((Self.readableWidth / Double(sheet.cellWidth)).rounded()))
    address = "data:image/png;base64," + data.base64EncodedString()
    self.alternative = alternative
    width = sheet.picture.width * factor
    height = sheet.picture.height * factor
    isEnlarged = factor > 1
  }

  static let source =
    "<img src=\"{{{address}}}\" alt=\"{{alternative}}\" width=\"{{width}}\" height=\"{{height}}\""
    + "{{#isEnlarged}} class=\"enlarged\"{{/isEnlarged}}/>"
}
