extension StyleSheet {
  static let tables = """
    table { width: 100%; border-collapse: collapse; }
    caption { padding-bottom: .6rem; text-align: left; font-size: .875rem; }
    .classes caption { font-weight: 600; color: var(--ink); }
    th, td { padding: .5rem 1.25rem .5rem 0; text-align: left; vertical-align: middle; font-weight: 400; }
    th:last-child, td:last-child { padding-right: 0; }
    tbody th { min-width: 7.5rem; }
    tbody th, caption { overflow-wrap: anywhere; }
    .runs tbody th { min-width: 0; }
    thead th { padding-block: .25rem .4rem; vertical-align: bottom; font-size: .8125rem; color: var(--muted); }
    tbody tr { border-top: 1px solid var(--line); }
    tbody tr:last-child { border-bottom: 1px solid var(--line); }
    th small, td small { display: block; line-height: 1.35; }
    .number { text-align: right; white-space: nowrap; }
    .number b { font-weight: 500; }
    .spread { font-size: .8125rem; color: var(--muted); }
    .chosen > th, .chosen b { font-weight: 700; color: var(--accent); }
    .chosen > th small { font-weight: 400; }
    .scores th:first-child { width: 24%; }
    .scores th:last-child, .bars { width: 56%; }
    .bars { padding-block: .15rem; }
    .classes, .runs, .sampler, .versions { font-size: .9375rem; }
    .classes th:not(:last-child), .classes td:not(:last-child) { padding-right: .9rem; }
    .runs { width: auto; min-width: 100%; }
    .runs th, .runs td { padding-block: .2rem; }
    .runs thead th, .sampler thead th { white-space: nowrap; }
    .sampler { width: auto; }
    .sampler .number { padding-left: 2rem; }
    .sampler.wide .number { padding-left: .5rem; }
    .versions { width: auto; margin-top: .5rem; }
    .versions th, .versions td { padding-block: .25rem; }
    .versions td { overflow-wrap: anywhere; }
    @media (max-width: 40rem) {
      th, td { padding-right: .75rem; }
      .scores, .classes { font-size: .875rem; }
      .scores th:first-child { width: 33%; }
      .scores th:last-child, .bars { width: 45%; }
      .scores .number, .classes .number { white-space: normal; }
      .spread { display: block; white-space: nowrap; }
      .scores .number small { white-space: nowrap; font-size: .6875rem; }
      .gains th, .gains td { padding-right: .5rem; }
      .gains tbody th { min-width: 5.5rem; }
      .classes th:not(:last-child), .classes td:not(:last-child) { padding-right: .5rem; }
    }
    """
}
