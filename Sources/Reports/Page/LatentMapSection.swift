import Figures

/// Maps of the latent codes, with a key to their marks.
struct LatentMapSection {
  private let maps: [MapView]

  private struct MapView {
    let title: String
    let chart: String
    let horizontalLabel: String
    let verticalLabel: String
    let key: [KeyEntry]
    let densityMeaning: String?
  }

  private struct KeyEntry {
    let markClass: String
    let path: String
    let meaning: String
  }

  init?(_ content: ReportContent) throws {
    let shown = content.latentMaps.filter { map in map.groups.contains { $0.points.contains(where: \.isFinite) } }
    guard !shown.isEmpty else { return nil }
    maps = try shown.map { map in
      let scatter = ScatterMap(map)
      let counts = map.groups.map { "\($0.points.filter(\.isFinite).count) \($0.name)" }
      let key = map.groups.indices.map { index in
        KeyEntry(
          markClass: scatter.markClass(ofGroup: index),
          path: ScatterMap.mark(map.groups[index].kind, x: 10, y: 10), meaning: counts[index])
      }
      let lines = map.curves.enumerated().map { index, curve in
        KeyEntry(markClass: ScatterMap.curveClass(index), path: "M0 10H20", meaning: curve.name)
      }
      let densityMeaning = map.density.flatMap(Self.meaning(of:))
      return MapView(
        title: map.title,
        chart: try scatter.svg(
          description: "Map of \(map.title): \((counts + map.curves.map(\.name)).joined(separator: ", ")); across "
            + "\(map.horizontalLabel), up \(map.verticalLabel)"
            + (densityMeaning.map { "; beneath, \($0)" } ?? "")),
        horizontalLabel: map.horizontalLabel, verticalLabel: map.verticalLabel, key: key + lines,
        densityMeaning: densityMeaning)
    }
  }

  /// What the shades of a density mean; nil when it has no finite value.
  static func meaning(of density: LatentMap.Density) -> String? {
    density.range.map { range in
      let ends = [range.lowerBound, range.upperBound].map(NumberText.significant)
      return ends[0] == ends[1]
        ? "\(density.name) is \(ends[0]) all over this plane"
        : "\(density.name) from \(ends[0]) to \(ends[1])"
    }
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "latent-map", heading: "Latent space",
      body: try PageTemplate(name: "latent map", source: Self.source).render(self))
  }

  private static let source = """
    <p class="remark">Each point is an image as its model sees it: its code, projected onto two axes with one scale. Synthetic codes should lie among the real ones without sitting on top of them.</p>
    <div class="columns">
    {{#maps}}
    <figure class="chart">
    <figcaption>{{title}}</figcaption>
    <ul class="key">{{#key}}<li><svg class="points{{#densityMeaning}} over{{/densityMeaning}}" viewBox="0 0 20 20" aria-hidden="true"><path class="{{markClass}}" d="{{path}}"/></svg>{{meaning}}</li>{{/key}}{{#densityMeaning}}<li><span class="key-density" aria-hidden="true"></span>{{densityMeaning}}</li>{{/densityMeaning}}</ul>
    <p class="up-label">{{verticalLabel}}</p>
    <div class="plot">{{{chart}}}</div>
    <p class="across-label">{{horizontalLabel}}</p>
    </figure>
    {{/maps}}
    </div>

    """
}
