extension StyleSheet {
  /// Grids become blocks and inline blocks on paper: browsers do not keep headings and grids together across pages.
  static let print = """
    @page { margin: 16mm 14mm; }
    @media print {
      :root { --paper: #ffffff; }
      body { max-width: none; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      header { padding-top: 0; }
      nav, .skip { display: none; }
      .answer { font-size: 19pt; }
      .class-pictures, .remark, #latent-map, #training { break-inside: avoid; }
      h2, h3, caption, figcaption { break-after: avoid; }
      tr, .classes, .sampler, .versions, .pair, .chart, .sheet, .strip, #warnings { break-inside: avoid; }
      .columns, .pairs, .sheets { display: block; }
      .columns > *, .pair { display: inline-block; vertical-align: top; margin-bottom: 1.25rem; }
      .columns > table { display: inline-table; font-size: 8.5pt; }
      .columns > table small, .columns > table .spread, .columns > table thead th { font-size: 7.5pt; }
      .columns > table tbody th { min-width: 0; padding-right: .25rem; }
      main > section { padding-top: 1.5rem; }
      th, td { padding-block: .3rem; }
      .plot-tall { height: 9rem; }
      .plot-low { height: 5.5rem; }
      .columns > * { width: 47%; }
      .columns > :nth-child(odd) { margin-right: 5%; }
      .pair { width: 23%; margin-right: 1%; }
      .sheet { margin-bottom: 1.25rem; }
      .sheet img { max-height: 6cm; width: auto; }
      pre { white-space: pre-wrap; }
      #scores details, .sheet details { display: none; }
      #repeat details::details-content { content-visibility: visible; block-size: auto; }
    }
    """
}
