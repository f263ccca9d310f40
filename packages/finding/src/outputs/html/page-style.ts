/** How the page looks: the system's fonts, light and dark by the reader's choice, readable on a phone and on paper. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #101418);
  --card: light-dark(#ffffff, #181d23);
  --sunk: light-dark(#f1f3f6, #11161b);
  --ink: light-dark(#171c22, #e6eaef);
  --quiet: light-dark(#5a6573, #98a4b3);
  --line: light-dark(#dde2e9, #2b333d);
  --link: light-dark(#0a5fb4, #78b7ff);
  --good: light-dark(#17713f, #5fd394);
  --critical: light-dark(#b3132b, #ff7085);
  --high: light-dark(#b4420a, #ff9a62);
  --medium: light-dark(#80600a, #ecc35c);
  --low: light-dark(#1f62a8, #7db8f5);
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 var(--sans); }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1, h2, h3, h4, p, ul, dl, dd, figure { margin: 0; padding: 0; }
code, pre { font-family: var(--mono); font-size: .875em; }
code { overflow-wrap: anywhere; }
.brand { color: var(--quiet); font-weight: 600; letter-spacing: .01em; }
.verdict { font-size: clamp(1.6rem, 4vw, 2.3rem); line-height: 1.15; letter-spacing: -.02em; margin: .6rem 0 .35rem; }
.verdict.clean { color: var(--good); }
.target { font-size: 1.05rem; }
.coverage { color: var(--quiet); margin-top: .35rem; font-variant-numeric: tabular-nums; }
.coverage span:not(:last-child)::after { content: " · "; }
.finding { --tone: var(--low); background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone);
  border-radius: 10px; padding: 1.35rem 1.5rem; margin-top: 1.25rem; }
.critical { --tone: var(--critical); } .high { --tone: var(--high); } .medium { --tone: var(--medium); } .low { --tone: var(--low); }
.badge { display: inline-block; color: var(--tone); border: 1px solid currentColor; border-radius: 999px; padding: .05rem .6rem;
  font-size: .72rem; font-weight: 700; letter-spacing: .06em; text-transform: uppercase; }
.certainty { color: var(--quiet); font-size: .82rem; margin-left: .5rem; }
.title { font-size: 1.2rem; line-height: 1.3; margin: .5rem 0 .3rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
.size { font-variant-numeric: tabular-nums; color: var(--quiet); }
.size strong { color: var(--ink); }
.size > *:not(:last-child)::after { content: " · "; font-weight: 400; color: var(--quiet); }
.frames { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: .75rem; margin-top: 1rem; }
.frame { background: var(--sunk); border-radius: 8px; padding: .65rem .85rem; min-width: 0; }
.frame dt, .label { color: var(--quiet); font-size: .78rem; font-weight: 600; }
.frame .path { color: var(--link); font-weight: 600; }
.frame .function { display: block; color: var(--quiet); }
.state { color: var(--tone); }
.evidence { margin-top: 1rem; }
.evidence > summary, .stack > summary { cursor: pointer; color: var(--quiet); font-size: .85rem; font-weight: 600; }
.evidence ul { padding-left: 1.15rem; margin-top: .35rem; }
.evidence li { margin-top: .3rem; overflow-wrap: anywhere; }
.ids { color: var(--quiet); font-size: .85em; font-variant-numeric: tabular-nums; }
pre { background: var(--sunk); border-radius: 8px; padding: .8rem 1rem; margin: .5rem 0 0; overflow-x: auto; line-height: 1.5; tab-size: 4; }
.stack .where { color: var(--quiet); }
.frame button { font-size: .7rem; padding: .2rem .4rem; color: var(--quiet); margin-left: .3rem; vertical-align: 1px; }
.fix { margin-top: 1rem; border-top: 1px solid var(--line); padding-top: 1rem; }
.fix-head { display: flex; gap: 1rem; justify-content: space-between; align-items: start; }
.fix-head p { font-weight: 600; }
.docs { color: var(--quiet); font-size: .85rem; margin-top: .5rem; }
button { font: 600 .8rem/1 var(--sans); color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  padding: .45rem .7rem; cursor: pointer; white-space: nowrap; }
button:hover { border-color: var(--quiet); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.effects { margin-top: 1rem; }
.effects .finding { background: var(--sunk); margin-top: .5rem; }
.effects .frame, .effects pre { background: var(--card); }
.part { margin-top: 2.25rem; }
.part > h2 { font-size: 1.05rem; margin-bottom: .6rem; }
.notes { padding-left: 1.15rem; }
.notes li { margin-top: .3rem; }
.flame { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .75rem; overflow: hidden; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--quiet); font-size: .78rem; }
td.number, th.number { text-align: right; }
@media (max-width: 34rem) {
  main { padding: 1.5rem 1rem 3rem; }
  .finding { padding: 1rem; }
  .fix-head { flex-direction: column; gap: .6rem; }
}
@media print {
  :root { color-scheme: light; }
  body { background: none; font-size: 11pt; }
  main { max-width: none; padding: 0; }
  .finding, pre, .frame { break-inside: avoid; }
  pre { white-space: pre-wrap; border: 1px solid var(--line); }
  button, .flame { display: none; }
}
`;
