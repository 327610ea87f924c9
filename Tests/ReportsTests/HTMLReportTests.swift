import Figures
import Foundation
import ImageFiles
import Reports
import Testing

@Suite struct HTMLReportTests {
  /// Text that breaks out of a page which forgets to escape; the last quote carries a combining accent, so that it is
  /// not the `Character` `"`.
  static let hostile = "<b>&\"'</b><script>{{title}}</script>\u{0}\"\u{301} onload=x "

  @Test func isWellFormedAndLabelled() throws {
    let page = ParsedPage(try HTMLReport.render(SampleContent.make()))
    #expect(page.problem == nil)
    #expect(page.all("html").first?.attributes["lang"] == "en")
    for landmark in ["header", "nav", "main"] { #expect(page.all(landmark).count == 1, "\(landmark)") }
    for heading in page.all("th") {
      #expect(["row", "col"].contains(heading.attributes["scope"]), "\(heading.text)")
    }
    for drawing in page.all("svg") where drawing.attributes["role"] == "img" {
      #expect(drawing.attributes["aria-label"]?.isEmpty == false)
    }
    let anchors = Set(page.elements.compactMap { $0.attributes["id"] })
    #expect(anchors.count == page.elements.filter { $0.attributes["id"] != nil }.count, "an id occurs twice")
    for link in page.all("a") {
      let target = try #require(link.attributes["href"])
      #expect(target.first == "#" && anchors.contains(String(target.dropFirst())), "\(target)")
    }
  }

  @Test func answerComesBeforeTableBeforePicturesBeforeCurves() throws {
    let html = try HTMLReport.render(SampleContent.make())
    let marks = [
      "class=\"answer\"", "class=\"scores\"", "id=\"warnings\"", "id=\"pictures\"", "id=\"latent-map\"",
      "id=\"training\"", "id=\"sampler\"", "id=\"fidelity\"", "id=\"audit\"", "id=\"notes\"", "id=\"repeat\"",
    ]
    let places = try marks.map { try #require(html.range(of: $0), "\($0)").lowerBound }
    #expect(places == places.sorted())
  }

  @Test func needsNoNetworkAndNoScript() throws {
    let html = try HTMLReport.render(SampleContent.make())
    for forbidden in ["http:", "https:", "<script", "<link", "@import", "src=\"/", "url("] {
      #expect(!html.contains(forbidden), "\(forbidden)")
    }
    for image in ParsedPage(html).all("img") {
      #expect(image.attributes["src"]?.hasPrefix("data:image/png;base64,") == true)
    }
  }

  @Test func hostileTextStaysText() throws {
    let content = Self.hostileContent()
    let html = try HTMLReport.render(content)
    let page = ParsedPage(html)
    #expect(page.problem == nil)
    #expect(page.all("script").isEmpty)
    #expect(page.all("b").allSatisfy { Double($0.text) != nil || $0.text == "distance 1.00" })
    #expect(!page.elements.contains { $0.attributes["onload"] != nil })
    let shown = Self.hostile.replacingOccurrences(of: "\u{0}", with: "\u{FFFD}")
    #expect(page.all("title").first?.text == shown)
    #expect(page.all("code").allSatisfy { $0.text == shown })
    #expect(page.all("li").contains { $0.text == shown })
    // No quote of the input may stand unescaped, whatever accent follows it.
    #expect(!html.unicodeScalars.elementsEqualSubsequence(["\"", "\u{301}"]))
  }

  @Test func pixelsOfThePicturesArriveUnchanged() throws {
    let real = SampleContent.picture(5)
    let near = SampleContent.picture(6)
    var content = ReportContent(title: "t", answer: "a")
    content.pictures = [
      ClassPictures(
        className: "AD",
        synthetic: [.init(name: "s", picture: real, nearest: .init(name: "n", picture: near), distance: 0.25)])
    ]
    let image = try #require(ParsedPage(try HTMLReport.render(content)).all("img").first)
    #expect(image.attributes["alt"] == "Synthetic image s of AD beside its nearest training image n, distance 0.250")
    let sheet = try Self.decode(image)
    #expect(sheet.width == 2 * real.width + 2)
    #expect(sheet.height == real.height)
    guard sheet.width == 2 * real.width + 2, sheet.height == real.height else { return }
    for row in 0..<real.height {
      for column in 0..<real.width {
        let left = sheet.pixels[row * sheet.width + column]
        let right = sheet.pixels[row * sheet.width + real.width + 2 + column]
        #expect(left == real.pixels[row * real.width + column], "synthetic, row \(row), column \(column)")
        #expect(right == near.pixels[row * real.width + column], "nearest, row \(row), column \(column)")
      }
    }
  }

  @Test func everyPictureDecodesAndOnlySmallOnesAreEnlarged() throws {
    var content = SampleContent.make()
    content.pictures.append(
      ClassPictures(
        className: "large", real: [.init(name: "l", picture: SampleContent.picture(9, width: 300, height: 200))]))
    let images = ParsedPage(try HTMLReport.render(content)).all("img")
    #expect(images.count == 2 + 10 + 1)
    for image in images {
      let picture = try Self.decode(image)
      let factor = image.attributes["class"] == "enlarged" ? 4 : 1
      #expect(image.attributes["width"] == String(picture.width * factor))
      #expect(image.attributes["height"] == String(picture.height * factor))
      #expect(image.attributes["alt"]?.isEmpty == false)
    }
    #expect(images.filter { $0.attributes["class"] == "enlarged" }.count == 12)
    #expect(images.last?.attributes["width"] == "150", "300 pixels shrink by a whole factor to at most 256")
  }

  @Test func emptySectionsAreLeftOut() throws {
    let page = ParsedPage(try HTMLReport.render(ReportContent(title: "Title", answer: "No answer yet.")))
    #expect(page.problem == nil)
    for name in ["section", "nav", "table", "img", "figure", "svg", "ul", "details"] {
      #expect(page.all(name).isEmpty, "\(name)")
    }
    #expect(page.all("p").map(\.text) == ["No answer yet."])
  }

  @Test(
    arguments: [
      "scores", "warnings", "pictures", "latent-map", "training", "sampler", "fidelity", "audit", "notes", "repeat",
    ])
  func anySectionMayBeMissing(anchor: String) throws {
    var content = SampleContent.make()
    switch anchor {
    case "scores": content.scores = ScoreTable(methods: [])
    case "warnings": content.warnings = []
    case "pictures": content.pictures = [ClassPictures(className: "empty")]
    case "latent-map":
      content.latentMaps[0].groups = []
      content.latentMaps.removeLast()
    case "training": content.training = [TrainingHistory(className: "AD", epochs: [])]
    case "sampler": content.samplers = []
    case "fidelity": content.fidelity = []
    case "audit": content.audit = AuditFigures(methods: [], heldOut: nil)
    case "notes": content.notes = []
    default: (content.command, content.recipe, content.versions) = (nil, nil, [])
    }
    let page = ParsedPage(try HTMLReport.render(content))
    #expect(page.problem == nil)
    #expect(page.all("section").count == 9)
    #expect(!page.elements.contains { $0.attributes["id"] == anchor || $0.attributes["href"] == "#" + anchor })
  }

  @Test func likenessAndAuditAreTables() throws {
    let html = try HTMLReport.render(SampleContent.make())
    let page = ParsedPage(html)
    let cells = page.all("td").map(\.text)
    // The real images of AD, and what their audit found.
    #expect(html.contains("<th scope=\"row\">real: training images<small>AD</small></th>"))
    for cell in ["0.90", "1.02", "3.2", "−0.004", "−0.8", "0.46 to 0.60", "0.0512", "61 %"] {
      #expect(cells.contains(cell), "\(cell)")
    }
    // Tables against the training images are folded.
    let folded = try #require(html.range(of: "Against the training images, which the models have seen"))
    let title = try #require(html.range(of: "Image features, training"))
    #expect(folded.upperBound < title.lowerBound)
    #expect(page.all("li").contains { $0.text == "prior: No sign that training images can be recognised." })
    #expect(html.contains("The unseen images are the 126 validation and test images."))
    var content = SampleContent.make()
    content.audit?.heldOut = nil
    #expect(try HTMLReport.render(content).contains("membership cannot be asked"))
  }

  @Test func undefinedScoresAreDashesWithANote() throws {
    var content = ReportContent(title: "t", answer: "a")
    let undefined = Score(values: [nil, nil])
    let partial = Score(values: [0.5, 0.7, nil])
    content.scores = ScoreTable(methods: [
      MethodScores(
        name: "original", balancedAccuracy: Score(values: [0.5, 0.5, 0.5]),
        classes: [ClassScores(className: "AD", f1: undefined, precision: partial, recall: Score(values: [0, 0, 0]))])
    ])
    let page = ParsedPage(try HTMLReport.render(content))
    let cells = page.all("td").filter { $0.attributes["class"] == "number" }.map(\.text)
    #expect(
      cells.prefix(4) == ["50.0 ±\u{202F}0.0", "–undefined", "60.0 ±\u{202F}14.12 of 3 runs", "0.0 ±\u{202F}0.0"])
    #expect(page.all("p").contains { $0.text.hasPrefix("A dash stands for an undefined value") })
    content.scores?.methods[0].classes = []
    #expect(!ParsedPage(try HTMLReport.render(content)).all("p").contains { $0.text.hasPrefix("A dash") })
  }

  @Test func sameContentGivesSameBytes() throws {
    #expect(try HTMLReport.render(SampleContent.make()) == HTMLReport.render(SampleContent.make()))
  }

  @Test(arguments: [StyleSheet.lightColours, StyleSheet.darkColours])
  func textKeepsItsContrast(declarations: String) throws {
    let theme = colours(in: declarations)
    for ground in ["--paper", "--raised"] {
      for text in ["--ink", "--muted", "--accent"] {
        let ratio = contrast(try #require(theme[text]), try #require(theme[ground]))
        #expect(ratio >= 4.5, "\(text) on \(ground)")
      }
    }
    for mark in ["--graph", "--hue-1", "--hue-2", "--hue-3", "--hue-4", "--hue-5", "--hue-6"] {
      #expect(contrast(try #require(theme[mark]), try #require(theme["--paper"])) >= 3, "\(mark)")
    }
  }

  @Test func contrastMeetsKnownValues() {
    #expect(abs(contrast(0x000000, 0xFFFFFF) - 21) < 1e-9)
    #expect(abs(contrast(0x777777, 0xFFFFFF) - 4.478) < 1e-3)
  }

  private static func decode(_ image: ParsedPage.Element) throws -> Picture {
    let address = try #require(image.attributes["src"])
    let data = try #require(Data(base64Encoded: String(address.dropFirst("data:image/png;base64,".count))))
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID().uuidString).png")
    try data.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let slice = try ImageFile.read(url, selection: nil)
    return Picture(
      width: slice.width, height: slice.height, values: slice.pixels, range: 0...255)
  }
}

extension String.UnicodeScalarView {
  /// Whether `wanted` occurs without a break.
  func elementsEqualSubsequence(_ wanted: [Unicode.Scalar]) -> Bool {
    var matched = 0
    for scalar in self {
      matched = scalar == wanted[matched] ? matched + 1 : (scalar == wanted[0] ? 1 : 0)
      if matched == wanted.count { return true }
    }
    return false
  }
}
