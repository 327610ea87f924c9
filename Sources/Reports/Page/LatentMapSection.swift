/// Maps of the latent codes, with a key to their marks.
struct LatentMapSection {
  private let maps: [MapView]

  private struct MapView {
    let title: String
    let chart: String
    let horizontalLabel: String
    let verticalLabel: String
    let key: [KeyEntry]
  }

  private struct KeyEntry {
    let markClass: String
    let path: String
    let meaning: String
  }

  init?(_ content: ReportContent) {
    let shown = content.latentMaps.filter { map in map.groups.contains { $0.points.contains(where: \.isFinite) } }
    guard !shown.isEmpty else { return nil }
    maps = shown.map { map in
      let scatter = ScatterMap(map)
      let counts = map.groups.map { "\($0.points.filter(\.isFinite).count) \($0.name)" }
      let key = map.groups.indices.map { index in
        KeyEntry(
          markClass: scatter.markClass(ofGroup: index),
          path: ScatterMap.mark(map.groups[index].kind, x: 10, y: 10), meaning: counts[index])
      }
      return MapView(
        title: map.title,
        chart: scatter.svg(
          description: "Map of \(map.title): \(counts.joined(separator: ", ")); across \(map.horizontalLabel), "
            + "up \(map.verticalLabel)"),
        horizontalLabel: map.horizontalLabel, verticalLabel: map.verticalLabel, key: key)
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
    <ul class="key">{{#key}}<li><svg class="points" viewBox="0 0 20 20" aria-hidden="true"><path class="{{markClass}}" d="{{path}}"/></svg>{{meaning}}</li>{{/key}}</ul>
    <p class="up-label">{{verticalLabel}}</p>
    <div class="plot">{{{chart}}}</div>
    <p class="across-label">{{horizontalLabel}}</p>
    </figure>
    {{/maps}}
    </div>

    """
}
