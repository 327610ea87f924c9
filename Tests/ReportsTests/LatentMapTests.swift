import Figures
import Foundation
import Reports
import Testing

@Suite struct LatentMapTests {
  private static func map(density: [Double] = [-2, 0, 1, 6]) -> LatentMap {
    LatentMap(
      title: "Class A & B", horizontalLabel: "h", verticalLabel: "v",
      groups: [
        .init(name: "disks", kind: .real, points: [.init(x: 1, y: 1)]),
        .init(name: "rings", kind: .open, points: [.init(x: 3, y: 0.5), .init(x: .nan, y: 0)]),
      ],
      curves: [.init(name: "affine", points: [.init(x: 1, y: 1), .init(x: 3, y: 0.5)])],
      region: .init(horizontal: 0...4, vertical: 0...2),
      density: .init(name: "log √det G", columns: 2, rows: 2, values: density))
  }

  @Test func aDensityGoesFromWhiteToDark() throws {
    let density = try #require(Self.map().density)
    #expect(density.picture.pixels == [255, 209, 186, 70])
    #expect(density.range == -2...6)
    let broken = LatentMap.Density(name: "d", columns: 3, rows: 1, values: [.nan, 1, 2])
    #expect(broken.picture.pixels == [255, 255, 70])
    #expect(LatentMap.Density(name: "d", columns: 1, rows: 1, values: [.nan]).range == nil)
    #expect(LatentMap.Density(name: "d", columns: 2, rows: 1, values: [3, 3]).picture.pixels == [255, 255])
  }

  @Test func aMapKeepsItsRegion() throws {
    let scatter = ScatterMap(Self.map())
    #expect(scatter.aspectRatio == 2)
    #expect(scatter.path(of: scatter.map.curves[0]) == "M250 250L750 375")
    let page = ParsedPage(try scatter.svg(description: "d"))
    #expect(page.problem == nil)
    let image = try #require(page.all("image").first?.attributes)
    #expect(image["href"]?.hasPrefix("data:image/png;base64,") == true && image["preserveAspectRatio"] == "none")
    // Beneath everything else, so before it.
    let names = page.elements.map(\.name)
    #expect(names.firstIndex(of: "image")! < names.firstIndex(of: "path")!)
    let classes = page.all("path").map { $0.attributes["class"] }
    #expect(
      classes == [
        "halo mark-real", "mark-real", "halo mark-open", "mark-open", "halo curve curve-1", "curve curve-1",
      ])
  }

  @Test func thePageSaysWhatTheShadesAndLinesAre() throws {
    var content = ReportContent(title: "t", answer: "a", latentMaps: [Self.map(), Self.map(density: [4, 4, 4, 4])])
    content.interpolations = [
      InterpolationStrips(
        title: "a to b",
        strips: ["affine", "geodesic"].map {
          .init(name: $0, meaning: "length 2", pictures: (0..<5).map { SampleContent.picture($0) })
        })
    ]
    let html = try HTMLReport.render(content)
    let page = ParsedPage(html)
    #expect(page.problem == nil)
    let texts = page.all("li").map(\.text)
    #expect(texts.contains("log √det G from −2 to 6") && texts.contains("affine") && texts.contains("1 rings"))
    #expect(texts.contains("log √det G is 4 all over this plane"))
    let strips = page.all("figure").filter { $0.attributes["class"] == "strip" }
    #expect(
      strips.map(\.text).map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } == [
        "affine length 2", "geodesic length 2",
      ])
    #expect(page.all("img").count == 2)
    #expect(page.all("img").allSatisfy { $0.attributes["alt"]?.contains("5 decoded pictures") == true })
  }

  @Test func aMapIsAFileOfItsOwn() throws {
    let text = try LatentMapFile.svg(Self.map())
    let page = ParsedPage(text)
    #expect(page.problem == nil, "\(page.problem ?? "")")
    #expect(
      page.elements.first?.name == "svg" && page.elements.first?.attributes["viewBox"]?.hasPrefix("0 0 808 ") == true)
    let texts = page.all("text").map(\.text)
    for wanted in ["Class A & B", "h", "v", "1 disks", "1 rings", "affine", "log √det G from −2 to 6"] {
      #expect(texts.contains(wanted), "\(wanted)")
    }
    #expect(page.all("image").count == 1)
    var plain = Self.map()
    plain.density = nil
    plain.region = nil
    #expect(ParsedPage(try LatentMapFile.svg(plain)).all("image").isEmpty)
  }
}
