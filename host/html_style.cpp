// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The report's style sheet. It has neither "<" nor "&", so that it is the same in HTML and in XHTML.
// Blue, orange and a pale green differ for everybody who cannot tell red from green.
#include "html_parts.hpp"

namespace v2v::host::html {

const char *const style = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1c2430; --soft: #5c6777; --line: #e1e5eb;
  --accent: #1f62c4; --done: #1a7f4b; --failed: #b3261e; --warn: #8a5a00;
  --done-back: #e2f4ea; --failed-back: #fdeceb; --warn-back: #fff5df;
  --kept: #3574d4; --written: #e8870c; --trimmed: #a5dbc4; --hole: #e9edf2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --text: #e6eaf0; --soft: #9aa6b6; --line: #2c3542;
    --accent: #7fb0ff; --done: #6fd39d; --failed: #ff9a92; --warn: #f0c168;
    --done-back: #163325; --failed-back: #3b1b1a; --warn-back: #352a12;
    --kept: #5b94ee; --written: #f49b2c; --trimmed: #2f6b55; --hole: #262e39;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text); overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
main { max-width: 1040px; margin: 0 auto; padding: 32px 20px 48px; }
code { font: 0.88em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
p { margin: 0 0 8px; }
ul, ol { margin: 0; padding: 0; list-style: none; }
.kicker { color: var(--soft); font-size: 14px; margin: 0 0 4px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; font-weight: 650; }
h2 { font-size: 19px; line-height: 1.3; margin: 0 0 12px; font-weight: 650; }
.badge {
  display: inline-block; vertical-align: 6px; margin-left: 12px; padding: 2px 12px;
  border-radius: 20px; font-size: 14px; font-weight: 600;
}
.badge.done { background: var(--done-back); color: var(--done); }
.badge.failed { background: var(--failed-back); color: var(--failed); }
.system { font-size: 17px; color: var(--soft); }
.facts {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px;
  margin: 20px 0 0;
}
.facts div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px; }
dt { font-size: 13px; color: var(--soft); }
dd { margin: 0; font-size: 18px; font-weight: 600; font-variant-numeric: tabular-nums; }
.facts div:first-child { grid-column: span 2; }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 20px 22px; margin-top: 20px;
}
.explanation { color: var(--soft); }
.failure { background: var(--failed-back); border-radius: 8px; padding: 14px 16px; margin-bottom: 14px; }
.failure .what { color: var(--failed); font-weight: 600; font-size: 17px; }
.failure p:last-child { margin: 0; }
.undone li { font-size: 14px; color: var(--soft); padding: 2px 0 2px 14px; }
.warnings li {
  background: var(--warn-back); border-left: 4px solid var(--warn); border-radius: 4px;
  padding: 8px 14px; margin-top: 8px;
}
.remarks li { padding: 5px 0; border-top: 1px solid var(--line); }
.remarks li:first-child { border: 0; }
table { width: 100%; border-collapse: collapse; font-size: 15px; }
th, td { text-align: left; vertical-align: top; padding: 6px 14px 6px 0; border-top: 1px solid var(--line); }
thead th { border: 0; color: var(--soft); font-weight: 500; font-size: 13px; padding-top: 0; }
tbody th { width: 20%; font-weight: 500; color: var(--soft); }
tr.group th { color: var(--text); font-weight: 650; padding-top: 14px; }
tbody:nth-child(2) tr.group th { border: 0; padding-top: 0; }
td { width: 40%; }
td.after { font-weight: 600; }
td.same { color: var(--soft); }
.changes li {
  display: grid; grid-template-columns: minmax(0, 30%) minmax(0, 35%) minmax(0, 1fr); gap: 4px 18px;
  padding: 9px 0; border-top: 1px solid var(--line); font-size: 15px;
}
.changes li:first-child { border: 0; }
.changes .why { color: var(--soft); }
.axis, .timeline li { display: grid; grid-template-columns: minmax(0, 42%) minmax(0, 1fr) 74px; gap: 14px; }
.axis { margin-bottom: 6px; color: var(--soft); font-size: 12px; }
.ticks { display: flex; justify-content: space-between; }
.ticks span { width: 0; white-space: nowrap; display: flex; justify-content: center; }
.timeline li { align-items: center; padding: 3px 0; font-size: 14px; }
.timeline svg { width: 100%; height: 14px; display: block; }
.timeline .work svg { height: 7px; }
.timeline .label small { display: block; color: var(--soft); }
.timeline .work .label { padding-left: 18px; color: var(--soft); }
.timeline .work .label small { display: inline; padding-left: 8px; }
.timeline .time { text-align: right; font-variant-numeric: tabular-nums; }
.timeline .work .time, .timeline .short { color: var(--soft); }
.bar { fill: var(--kept); }
.work .bar { fill: var(--written); }
.failed .bar { fill: var(--failed); }
.timeline .failed .label small { color: var(--failed); }
.grid { stroke: var(--line); vector-effect: non-scaling-stroke; }
figure { margin: 0; }
figure + figure { margin-top: 26px; }
figcaption { margin-bottom: 10px; }
figcaption code { margin: 0 10px; }
figcaption small { color: var(--soft); }
.map { width: 100%; height: auto; display: block; }
.kept { fill: var(--kept); }
.written { fill: var(--written); }
.trimmed { fill: var(--trimmed); }
.hole { fill: var(--hole); }
.legend { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 8px 20px; margin-top: 14px; }
.legend li { display: grid; grid-template-columns: 14px auto auto 1fr; gap: 0 8px; align-items: baseline; font-size: 14px; }
.legend small { grid-column: 2 / -1; color: var(--soft); }
.legend .share { color: var(--soft); }
.amount, .share { font-variant-numeric: tabular-nums; }
.swatch { width: 14px; height: 14px; align-self: center; }
footer { margin-top: 20px; color: var(--soft); font-size: 13px; }
@media (max-width: 640px) {
  main { padding: 20px 12px 32px; }
  section { padding: 16px 14px; }
  h1 { font-size: 24px; }
  .badge { margin-left: 0; }
  .facts { grid-template-columns: 1fr 1fr; }
  thead { display: none; }
  tbody tr, tbody th, tbody td { display: block; width: auto; }
  tbody tr { border-top: 1px solid var(--line); padding: 6px 0; }
  tbody tr.group { padding: 12px 0 0; }
  tbody th, tbody td { border: 0; padding: 0; }
  td::before { content: attr(data-label) ": "; color: var(--soft); font-weight: 400; font-size: 13px; }
  .changes li { grid-template-columns: minmax(0, 1fr); }
  .timeline li { grid-template-columns: minmax(0, 1fr) auto; gap: 2px 10px; padding: 5px 0; }
  .timeline svg { grid-row: 2; grid-column: 1 / -1; }
  .axis { display: block; padding: 0 16px; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --text: #000000; --soft: #444444; --line: #cccccc;
    --accent: #1f62c4; --done: #1a7f4b; --failed: #b3261e; --warn: #8a5a00;
    --done-back: #e2f4ea; --failed-back: #fdeceb; --warn-back: #fff5df;
    --kept: #3574d4; --written: #e8870c; --trimmed: #a5dbc4; --hole: #e9edf2;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body, table, .changes li, .timeline li, .legend li, .undone li { font-size: 11px; }
  .failure .what, dd { font-size: 14px; }
  main { max-width: none; padding: 0; }
  section { border: 0; padding: 10px 0; margin-top: 10px; }
  tr, li, figure, .failure { break-inside: avoid; }
  h2 { break-after: avoid; }
}
)css";

}  // namespace v2v::host::html
