extension StyleSheet {
  static let charts = """
    svg { display: block; overflow: visible; }
    svg text { fill: var(--muted); font-size: .75rem; }
    .chart figcaption { font-size: .9375rem; font-weight: 600; color: var(--ink); }
    .up-label, .across-label { margin: .75rem 0 0; font-size: .75rem; color: var(--muted); }
    .across-label { margin: 0; text-align: right; }
    .plot { padding: .5rem .75rem 1.75rem 4rem; }
    .plot > svg { width: 100%; }
    .plot-tall { height: 13rem; }
    .plot-low { height: 7.5rem; }
    .lines { width: 100%; height: 100%; }
    .lines path { fill: none; stroke-width: 1.75; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
    .grid { stroke: var(--line); }
    .axis, .tick { stroke: var(--graph); }
    .neutral { stroke: var(--graph); }
    .accent { stroke: var(--accent); }
    .lines .marked { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 3; }
    .bin { fill: var(--graph); stroke: var(--paper); }
    .bar-axis { width: 100%; height: 20px; }
    @media screen and (max-width: 40rem) { .bar-axis .spare { display: none; } }
    .bar-row { width: 100%; height: 32px; }
    .bar { fill: var(--bar); }
    .chosen .bar, .bar-row.chosen .bar { fill: var(--accent-bar); }
    .bar-row line, .bar-row rect { shape-rendering: crispEdges; }
    .mean { stroke: var(--ink); stroke-width: 2; }
    .chosen .mean { stroke: var(--accent); }
    .chance { stroke: var(--graph); stroke-dasharray: 2 3; }
    .run { fill: var(--graph); }
    .chosen .run { fill: var(--accent); }
    .lines .band { stroke: none; fill-opacity: .18; }
    .band.neutral, .dot.neutral { fill: var(--graph); }
    .band.accent, .dot.accent { fill: var(--accent); }
    .gain { fill: var(--ink); }
    .chosen .gain { fill: var(--accent); }
    .whisker { stroke: var(--ink); stroke-width: 1.5; }
    .chosen .whisker { stroke: var(--accent); }
    .key { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: .75rem 0; padding: 0; list-style: none;
      font-size: .8125rem; color: var(--muted); }
    .key li { display: flex; align-items: center; gap: .5rem; }
    .chart .key { margin: .35rem 0 0; }
    .key-bar { width: 18px; height: 12px; background: var(--bar); border-right: 2px solid var(--ink); }
    .key-whisker { width: 20px; height: 9px; border: solid var(--ink); border-width: 0 1.5px;
      background: linear-gradient(var(--ink), var(--ink)) center / 100% 1.5px no-repeat; }
    .key-run { width: 5px; height: 5px; border-radius: 50%; background: var(--graph); }
    .key-chance { height: 14px; border-left: 1px dashed var(--graph); }
    .key-line { width: 20px; border-top: 2px solid var(--graph); }
    .key-line.accent { border-color: var(--accent); }
    .key-line.marked { border-top: 1px dashed var(--ink); }
    .key svg { width: 20px; height: 20px; }
    .plot-map { height: auto; }
    \(mapMarks)
    .key-density { width: 44px; height: 12px; opacity: .62; background: linear-gradient(to right, #fff, #464646);
      outline: 1px solid var(--graph); }
    @media screen and (prefers-color-scheme: dark) { .density, .key-density { filter: invert(1); } }
    """

  /// Marks and lines of a map, which a file of its own needs too.
  static let mapMarks = """
    .points.clipped { overflow: hidden; }
    .points path { fill: none; stroke-linejoin: round; }
    .points .mark-real { stroke: var(--graph); stroke-width: 14; stroke-linecap: round; stroke-opacity: .75; }
    .points .mark-synthetic { fill: var(--accent); fill-opacity: .35; stroke: var(--accent); stroke-width: 2; }
    .over .mark-real { stroke: var(--ink); stroke-width: 11; stroke-opacity: 1; }
    .points .mark-open { stroke: var(--ink); stroke-width: 3; }
    .points .curve { stroke-width: 7; stroke-linecap: round; }
    .points .curve-1 { stroke: var(--ink); stroke-dasharray: 14 14; }
    .points .curve-2 { stroke: var(--hue-2); }
    .points .curve-3 { stroke: var(--hue-3); }
    .key .points .curve { stroke-width: 3; stroke-dasharray: none; }
    .key .points .curve-1 { stroke-dasharray: 3 5; }
    .points .halo, .points .halo.curve { fill: none; stroke: var(--paper); stroke-opacity: .8; stroke-dasharray: none; }
    .points .halo.mark-real { stroke: var(--paper); stroke-width: 17; stroke-opacity: .8; }
    .points .halo.mark-synthetic { stroke-width: 6; }
    .points .halo.mark-open { stroke-width: 8; }
    .points .halo.mark-centroid { stroke-width: 6; }
    .points .halo.curve { stroke-width: 14; }
    .density { opacity: .62; }
    .points .mark-centroid { stroke: var(--ink); stroke-width: 2; }
    \((1...6).map(hue).joined(separator: "\n"))
    """

  private static func hue(_ number: Int) -> String {
    """
    .points .hue-\(number):not(.halo) { stroke: var(--hue-\(number)); }
    .points .mark-synthetic.hue-\(number) { fill: var(--hue-\(number)); }
    """
  }
}
