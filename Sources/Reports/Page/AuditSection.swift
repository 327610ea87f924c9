import Figures
import Foundation

/// What each method's images give away of the people that the models were trained on.
struct AuditSection {
  private let verdicts: [Verdict]
  private let rows: [RowView]
  private let heldOut: String?
  private let classRows: [RowView]

  private struct Verdict {
    let method: String
    let verdict: String
  }

  private struct RowView {
    let name: String
    let className: String?
    let cells: [String]
  }

  init?(_ content: ReportContent) {
    guard let audit = content.audit, !audit.methods.isEmpty else { return nil }
    heldOut = audit.heldOut
    verdicts = audit.methods.map { Verdict(method: $0.name, verdict: $0.verdict) }
    rows = audit.methods.map { method in
      RowView(
        name: method.name, className: nil,
        cells: [
          "\(method.classes.reduce(0) { $0 + $1.copies })", "\(method.classes.reduce(0) { $0 + $1.nearCopies })",
          Self.text(method.copying, decimals: 1), Self.text(method.membership, decimals: 2),
          method.membershipInterval.map {
            "\(NumberText.fixed($0.lowerBound, decimals: 2)) to \(NumberText.fixed($0.upperBound, decimals: 2))"
          } ?? NumberText.undefined,
        ])
    }
    classRows = audit.methods.flatMap { method in
      method.classes.map { found in
        RowView(
          name: method.name, className: found.className,
          cells: ["\(found.images)", "\(found.copies)", "\(found.nearCopies)"]
            + [found.distance, found.heldOutDistance, found.trainingDistance].map { Self.text($0, decimals: 4) }
            + [found.authentic, found.heldOutAuthentic].map { share in
              share.map { NumberText.percent($0, decimals: 0) + " %" } ?? NumberText.undefined
            })
      }
    }
  }

  func html() throws -> PageSection {
    PageSection(
      anchor: "audit", heading: "Privacy audit",
      body: try PageTemplate(name: "audit", source: Self.source).render(self))
  }

  private static func text(_ value: Double?, decimals: Int) -> String {
    value.flatMap { $0.isFinite ? NumberText.fixed($0, decimals: decimals) : nil } ?? NumberText.undefined
  }

  private static let source = """
    <ul class="notes">
    {{#verdicts}}
    <li>{{method}}: {{verdict}}</li>
    {{/verdicts}}
    </ul>
    <p class="remark">A copy equals a training image to within half a grey level of 256; a near copy is less than half as far \
    from one as the nearest other person. Copying is the z of Meehan and others: below −2, synthetic images lie nearer to \
    the training images than unseen people do. Membership is how well nearness to the synthetic images tells who was \
    trained on: 0.5 is guessing, 1 is certain. \
    {{#heldOut}}The unseen images are {{heldOut}}.{{/heldOut}}\
    {{^heldOut}}There are no unseen images, so training images among themselves stand in for them, and membership cannot \
    be asked.{{/heldOut}} \
    A copy that was shifted or flipped is not found, and finding nothing proves nothing.</p>
    <div class="scroll" role="region" aria-label="Privacy audit by method" tabindex="0">
    <table class="sampler wide">
    <caption>Copies, and what the images tell of who was trained on</caption>
    <thead><tr><th scope="col">Method</th><th scope="col" class="number">Copies</th>\
    <th scope="col" class="number">Near copies</th><th scope="col" class="number">Copying, z</th>\
    <th scope="col" class="number">Membership</th><th scope="col" class="number">95 % interval</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row">{{name}}</th>{{#cells}}<td class="number">{{.}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    <details>
    <summary>By class, with distances to the nearest training image</summary>
    <div class="scroll" role="region" aria-label="Privacy audit by class" tabindex="0">
    <table class="sampler wide">
    <caption>Medians of the root mean square difference of pixels, on a scale from 0 to 1, from each image to the nearest \
    training image; authentic images lie further from it than it lies from its own neighbour</caption>
    <thead><tr><th scope="col">Method and class</th><th scope="col" class="number">Images</th>\
    <th scope="col" class="number">Copies</th><th scope="col" class="number">Near copies</th>\
    <th scope="col" class="number">Synthetic</th><th scope="col" class="number">Unseen</th>\
    <th scope="col" class="number">Training</th><th scope="col" class="number">Authentic</th>\
    <th scope="col" class="number">Authentic, unseen</th></tr></thead>
    <tbody>
    {{#classRows}}
    <tr><th scope="row">{{name}}<small>{{className}}</small></th>{{#cells}}<td class="number">{{.}}</td>{{/cells}}</tr>
    {{/classRows}}
    </tbody>
    </table>
    </div>
    </details>

    """
}
