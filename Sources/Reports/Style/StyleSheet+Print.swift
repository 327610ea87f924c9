extension StyleSheet {
  static let print = """
    @page { margin: 16mm 14mm; }
    @media print {
      body { max-width: none; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      header { padding-top: 0; }
      nav, .skip { display: none; }
      .answer { font-size: 19pt; }
      h2, h3, caption, figcaption { break-after: avoid; }
      tr, .pair, .chart, .sheet, #warnings { break-inside: avoid; }
      .columns { grid-template-columns: 1fr 1fr; }
      .pairs { grid-template-columns: repeat(4, 1fr); }
      .sheets, .sheets:has(.sheet + .pairs) { display: block; }
      .sheet { margin-bottom: 1.25rem; }
      .sheet img { max-height: 9cm; width: auto; }
      pre { white-space: pre-wrap; }
      details::details-content { content-visibility: visible; block-size: auto; }
    }
    """
}
