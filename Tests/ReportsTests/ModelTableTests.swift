import Figures
import Foundation
import Reports
import Testing

@Suite struct ModelTableTests {
  static func table() -> ModelTable {
    ModelTable(
      caption: "FD: Fréchet distance by <some> features.",
      rows: [
        .init(
          name: "VAE - prior", distance: 40.7, interval: 39.5...41.9, recall: 0.83, precision: 0.75,
          reconstruction: 11.3, setting: "pseudo-inputs 10 (2 of 3)",
          pictures: (0..<4).map { SampleContent.picture($0) }),
        .init(
          name: "VAE - manifold", distance: 8.53, recall: 0.98, precision: 0.97, isNearest: true,
          hasGreatestRecall: true, pictures: (0..<4).map { SampleContent.picture($0 + 4) }),
      ],
      curves: ["VAE - prior", "VAE - manifold"].map { name in
        .init(
          name: name, isHighlighted: name == "VAE - manifold",
          points: [.init(images: 1000, distance: 60), .init(images: 5000, distance: 40, interval: 35...45)])
      })
  }

  @Test func onlyTheBestIsBold() throws {
    let html = try HTMLReport.render(ReportContent(title: "t", answer: "a", models: Self.table()))
    let page = ParsedPage(html)
    #expect(page.all("td").map(\.text) == ["40.739.5 to 41.9", "0.83/0.75", "11.3", "8.53", "0.98/0.97", "–"])
    #expect(page.all("b").map(\.text) == ["8.53", "0.98/0.97"])
    #expect(page.all("img").count == 2 && html.contains("Fréchet distance of VAE - manifold by training images"))
    #expect(html.contains("by &lt;some&gt; features"))
    let none = try HTMLReport.render(ReportContent(title: "t", answer: "a", models: ModelTable(caption: "", rows: [])))
    #expect(!none.contains("id=\"models\""))
  }
}
