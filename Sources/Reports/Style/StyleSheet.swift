/// The page's style: colours, text, tables, pictures, charts, print, in this order.
package enum StyleSheet {
  package static let text = [colours, page, tables, pictures, charts, print].joined(separator: "\n")

  /// One accent colour on paper and ink; every text colour keeps a contrast of at least 4.5 to 1 with the paper.
  package static let lightColours = """
    --paper: #fdfdfc; --raised: #f4f5f4; --ink: #1b1f23; --muted: #57606a; --line: #dadddf; --graph: #7b858f;
    --accent: #0b6478; --bar: #c6ccd1; --accent-bar: #9accd8;
    --hue-1: #0b6478; --hue-2: #b4471f; --hue-3: #6b4fa8; --hue-4: #4d7a1f; --hue-5: #a63a6e; --hue-6: #80620f;
    """

  package static let darkColours = """
    --paper: #15181b; --raised: #1e2226; --ink: #e7e9eb; --muted: #a3adb6; --line: #32383e; --graph: #84909b;
    --accent: #63c4d8; --bar: #454e56; --accent-bar: #1f5f6e;
    --hue-1: #63c4d8; --hue-2: #f0936a; --hue-3: #b6a0ec; --hue-4: #9fcb68; --hue-5: #ec8fbb; --hue-6: #d9b44f;
    """

  private static let colours = """
    :root { color-scheme: light dark; \(lightColours) }
    @media (prefers-color-scheme: dark) { :root { \(darkColours) } }
    @media print { :root { color-scheme: light; \(lightColours) } }
    """

  private static let page = """
    *, *::before, *::after { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
    @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
    body {
      margin: 0 auto; padding: 0 clamp(1rem, 4vw, 3rem) 4rem; max-width: 76rem;
      background: var(--paper); color: var(--ink);
      font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
      font-variant-numeric: tabular-nums; overflow-wrap: break-word;
    }
    header { padding: clamp(2rem, 6vw, 4.5rem) 0 1.25rem; }
    h1 { margin: 0; font-size: .9375rem; font-weight: 600; color: var(--accent); }
    .answer {
      margin: .6rem 0 1.25rem; max-width: 27em; text-wrap: balance; letter-spacing: -.015em;
      font-size: clamp(1.5rem, 1.1rem + 1.9vw, 2.375rem); line-height: 1.2; font-weight: 600;
    }
    .numbers { margin: 0 0 1rem; max-width: 40rem; font-size: 1.1875rem; line-height: 1.45; }
    .details { margin: 0 0 .5rem; max-width: 44rem; font-size: .9375rem; color: var(--muted); }
    .facts { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; margin: 0; padding: 0; list-style: none;
      font-size: .9375rem; }
    .details + .facts { margin-top: 1.25rem; }
    .facts span { color: var(--muted); }
    nav { border-block: 1px solid var(--line); }
    nav ul { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: 0; padding: .35rem 0; list-style: none; }
    nav a { display: block; padding: .35rem 0; font-size: .875rem; color: var(--muted); text-decoration: none; }
    nav a:hover { color: var(--accent); text-decoration: underline; text-underline-offset: .2em; }
    a:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
      outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px;
    }
    .skip { position: absolute; left: -99rem; padding: .5rem 1rem; background: var(--paper); color: var(--accent); }
    .skip:focus { left: 1rem; top: 1rem; }
    main > section { padding-top: clamp(2.25rem, 5vw, 3.5rem); }
    h2 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; font-weight: 600; letter-spacing: -.01em; }
    h3 { margin: 2rem 0 .75rem; font-size: 1.0625rem; line-height: 1.3; font-weight: 600; }
    h3 small { margin-left: .5em; font-weight: 400; }
    small, .remark, figcaption, caption { font-size: .8125rem; color: var(--muted); }
    .remark { margin: .75rem 0; max-width: 44rem; font-size: .875rem; }
    .warnings, .notes { margin: 0; padding: 0; list-style: none; max-width: 48rem; }
    .warnings { padding: .15rem 0 .15rem 1rem; border-left: 3px solid var(--ink); }
    .warnings li + li, .notes li + li { margin-top: .35rem; }
    .notes small { display: block; line-height: 1.45; }
    .notes + .scroll, .scroll + .notes, .scroll + .scroll { margin-top: .75rem; }
    main:focus { outline: none; }
    details { margin: 1rem 0; }
    summary { width: fit-content; padding-block: .15rem; cursor: pointer; font-size: .875rem; color: var(--accent); }
    pre {
      margin: .75rem 0; padding: 1rem 1.125rem; overflow-x: auto; border-radius: 6px; background: var(--raised);
      font: .8125rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
    }
    .columns { display: grid; gap: 2rem clamp(2rem, 4vw, 3.5rem); align-items: start;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 25rem), 1fr)); }
    .scroll { overflow-x: auto; }
    .scroll + .columns { margin-top: 2rem; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    """
}
