/** The look of an interactive flame graph, light and dark. */
export const FLAME_CSS = `.wt-flame{--wt-scheme:light;--wt-paper:#fff;--wt-ink:#1d2129;--wt-quiet:#5b6472;--wt-line:#e3e6eb;--wt-soft:#f4f5f7;--wt-accent:#c2410c;--wt-frame-ink:#1d2129;--wt-match:#d946ef;--wt-outline:#1d2129;--wt-grew:#b42318;--wt-shrank:#175cd3;--wt-mono:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;
color:var(--wt-ink);background:var(--wt-paper);font:14px/1.45 system-ui,-apple-system,"Segoe UI",sans-serif;container-type:inline-size}
@media(prefers-color-scheme:dark){.wt-flame{--wt-scheme:dark;--wt-paper:#15181e;--wt-ink:#e9ecf1;--wt-quiet:#98a2b1;--wt-line:#2a2f39;--wt-soft:#1d2129;--wt-accent:#fb923c;--wt-frame-ink:#14161a;--wt-match:#f0abfc;--wt-outline:#fff;--wt-grew:#fda29b;--wt-shrank:#84adff}}
.wt-flame *{box-sizing:border-box}
.wt-flame [hidden]{display:none!important}
.wt-head{display:flex;flex-wrap:wrap;gap:10px 20px;align-items:end;justify-content:space-between;margin-bottom:12px}
.wt-head h2{margin:0;font-size:18px;line-height:1.3;overflow-wrap:anywhere}
.wt-sub{margin:2px 0 0;color:var(--wt-quiet);font-size:13px}
.wt-tools{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.wt-tools button,.wt-tools input{font:inherit;font-size:13px;height:32px;color:inherit;background:var(--wt-paper);border:1px solid var(--wt-line);border-radius:7px;padding:0 12px}
.wt-tools input{width:230px;max-width:60vw}
.wt-tools button{cursor:pointer}
.wt-tools button:hover:enabled{background:var(--wt-soft)}
.wt-tools button:disabled{opacity:.45;cursor:default}
.wt-flame :focus-visible{outline:2px solid var(--wt-accent);outline-offset:1px}
.wt-tabs{display:flex;border:1px solid var(--wt-line);border-radius:8px;padding:2px;background:var(--wt-soft)}
.wt-tabs button{border:0;background:none;height:26px;border-radius:6px;color:var(--wt-quiet)}
.wt-tabs button[aria-selected=true]{background:var(--wt-paper);color:var(--wt-ink);box-shadow:0 1px 2px #0002}
.wt-found{font-size:13px;color:var(--wt-quiet);min-width:9em;font-variant-numeric:tabular-nums}
.wt-found:empty{display:none}
.wt-legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 10px;padding:0;list-style:none;font-size:12px;color:var(--wt-quiet)}
.wt-legend svg{width:11px;height:11px;margin-right:6px;vertical-align:-1px}
.wt-flame canvas{display:block;width:100%;border-radius:4px}
.wt-details{position:sticky;bottom:0;display:flex;flex-wrap:wrap;gap:0 16px;align-items:baseline;justify-content:space-between;min-height:44px;margin-top:10px;padding:10px 0;background:var(--wt-paper);border-top:1px solid var(--wt-line);font-size:13px}
.wt-details b{font:600 12.5px var(--wt-mono);overflow-wrap:anywhere}
.wt-details span{color:var(--wt-quiet);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.wt-functions{display:grid;grid-template-columns:minmax(0,1fr);gap:24px}
@container(min-width:900px){.wt-functions:has([data-part=sandwich]:not([hidden])){grid-template-columns:minmax(0,1fr) minmax(0,1fr)}}
.wt-scroll{max-height:72vh;overflow:auto;border:1px solid var(--wt-line);border-radius:8px}
.wt-flame table{border-collapse:collapse;width:100%;font-size:13px}
.wt-flame th{position:sticky;top:0;background:var(--wt-soft);text-align:left;padding:0;border-bottom:1px solid var(--wt-line)}
.wt-flame th button{all:unset;box-sizing:border-box;cursor:pointer;width:100%;padding:7px 10px;font-size:12px;font-weight:600;color:var(--wt-quiet)}
.wt-flame th button:focus-visible{outline:2px solid var(--wt-accent);outline-offset:-2px}
.wt-flame th:not(:last-child) button{text-align:right}
.wt-flame th[aria-sort=descending] button{color:var(--wt-ink)}
.wt-flame th[aria-sort=descending] button::after{content:" ↓"}
.wt-flame td{padding:4px 10px;border-bottom:1px solid var(--wt-line)}
.wt-flame tbody tr{cursor:pointer}
.wt-flame tbody tr:hover,.wt-flame tbody tr.wt-open{background:var(--wt-soft)}
.wt-flame tbody tr.wt-open .wt-name{color:var(--wt-accent)}
.wt-number{width:8.5em;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;background:linear-gradient(color-mix(in srgb,var(--wt-accent) 17%,transparent) 0 0) right/var(--share) 100% no-repeat}
.wt-grew{color:var(--wt-grew)}.wt-shrank{color:var(--wt-shrank)}
.wt-name{font:12.5px var(--wt-mono);overflow-wrap:anywhere}
.wt-more{padding:8px 10px;margin:0;font-size:12px;color:var(--wt-quiet)}
.wt-more:empty{display:none}
.wt-sandwich h3{margin:0 0 10px;font:600 13px var(--wt-mono);overflow-wrap:anywhere}
.wt-sandwich h4{margin:12px 0 6px;font-size:12px;font-weight:600;color:var(--wt-quiet)}
`;

/** The page around a single flame graph. */
export const PAGE_CSS = `html{color-scheme:light dark;background:#fff}
body{margin:0;padding:22px 26px 0}
@media(prefers-color-scheme:dark){html{background:#15181e}}
@media(max-width:600px){body{padding:14px 14px 0}}
`;
