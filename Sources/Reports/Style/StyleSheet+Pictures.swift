extension StyleSheet {
  static let pictures = """
    figure { margin: 0; }
    img { display: block; max-width: 100%; height: auto; border-radius: 4px; background: #282828; }
    img.enlarged { image-rendering: crisp-edges; image-rendering: pixelated; }
    .class-pictures + .class-pictures { margin-top: 3rem; }
    .sheets { display: grid; gap: 2rem clamp(1.5rem, 3vw, 2.5rem); align-items: start; }
    @media (min-width: 62rem) { .sheets:has(.sheet + .pairs) { grid-template-columns: 2fr 3fr; } }
    .sheet figcaption { margin-top: .5rem; }
    .sheet details { margin: .25rem 0 0; }
    .sheet summary { font-size: .8125rem; }
    .sheet ol { margin: .5rem 0; padding-left: 2em; columns: 12rem; }
    .pairs { display: grid; gap: 1.25rem 1rem; grid-template-columns: repeat(auto-fill, minmax(min(46%, 11rem), 1fr)); }
    .strip { margin: 0 0 1.25rem; }
    .strip figcaption { margin-top: .4rem; }
    .strip strong { font-weight: 600; color: var(--ink); }
    .pair figcaption { margin-top: .35rem; font-size: .75rem; line-height: 1.4; overflow-wrap: anywhere; }
    .pair b { display: block; font-size: .8125rem; font-weight: 600; color: var(--ink); }
    .pair span { display: block; }
    """
}
