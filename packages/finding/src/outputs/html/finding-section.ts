/** One finding as a part of the page, with what it causes inside. */
import type { Evidence, Finding, Frame } from "../../finding.ts";
import type { FindingTree } from "../../order.ts";
import { inertLines } from "../../safe-text.ts";
import { formatLocation, type SourceOptions } from "../../source-path.ts";
import { describeSize } from "../../wording.ts";
import { escapeHtml, markupText, safeHtml, trusted, type Markup } from "./markup.ts";

/** Gives every copied thing an id of its own. */
export type NextId = () => string;

/** The finding as an `<article>`. */
export function findingSection(tree: FindingTree, options: SourceOptions, nextId: NextId): Markup {
  const { finding, effects } = tree;
  const causes =
    effects.length === 0
      ? undefined
      : safeHtml`<div class="effects">
          <p class="label">Which causes</p>
          ${effects.map((effect) => findingSection(effect, options, nextId))}
        </div>`;
  return safeHtml`<article class="finding ${finding.severity}" id="finding-${finding.id}">
    <p>
      <span class="badge">${finding.severity}</span
      ><span class="certainty"
        >${finding.certainty}, ${Math.round(finding.confidence * 100)} % sure</span
      >
    </p>
    <h2 class="title">${finding.title}</h2>
    ${sizeLine(finding)} ${frameList(finding, options, nextId)} ${evidenceList(finding, options)}
    ${fixPart(finding, nextId)} ${causes}
  </article> `;
}

function sizeLine(finding: Finding): Markup {
  const [count = "", ...rest] = describeSize(finding);
  return safeHtml`<p class="size">
    <strong>${count}</strong>${rest.map((part) => safeHtml`<span>${part}</span>`)}
  </p>`;
}

function frameList(finding: Finding, options: SourceOptions, nextId: NextId): Markup | undefined {
  const { creator, site, state } = finding;
  if (creator === undefined && site === undefined) return undefined;
  return safeHtml`<dl class="frames">
    ${creator && framePart("Open this first", creator, options, nextId)}${
      site && framePart("Stuck at", site, options, nextId, state)
    }
  </dl>`;
}

function framePart(
  label: string,
  frame: Frame,
  options: SourceOptions,
  nextId: NextId,
  state?: string,
): Markup {
  const location = formatLocation(frame, options);
  const waits =
    state === undefined || state === ""
      ? undefined
      : safeHtml` <code class="state">[${state}]</code>`;
  const id = nextId();
  const path =
    location === ""
      ? undefined
      : safeHtml`<code class="path" id="${id}">${location}</code>
          <button type="button" hidden data-copies="${id}">Copy</button>`;
  return safeHtml`<div class="frame">
    <dt>${label}</dt>
    <dd>${path}<code class="function">${frame.function}${waits}</code></dd>
  </div>`;
}

function evidenceList(finding: Finding, options: SourceOptions): Markup | undefined {
  if (finding.evidence.length === 0) return undefined;
  return safeHtml`<details class="evidence" open>
    <summary>Why ${finding.certainty}</summary>
    <ul>
      ${finding.evidence.map(
        (evidence) =>
          safeHtml`<li>${evidence.text}${idList(evidence)}${stackPart(evidence, options)}</li>`,
      )}
    </ul>
  </details>`;
}

function idList({ ids }: Evidence): Markup | undefined {
  if (ids === undefined || ids.length === 0) return undefined;
  return safeHtml` <span class="ids">(ids ${ids.join(", ")})</span>`;
}

function stackPart({ frames }: Evidence, options: SourceOptions): Markup | undefined {
  if (frames === undefined || frames.length === 0) return undefined;
  const lines = frames.map((frame) => {
    const location = formatLocation(frame, options);
    const where = location === "" ? [] : [safeHtml`    <span class="where">${location}</span>`];
    return [safeHtml`${frame.function}`, ...where].map(markupText).join("\n");
  });
  return safeHtml`<details class="stack">
    <summary>Stack</summary>
    <pre>${trusted(lines.join("\n"))}</pre>
  </details>`;
}

function fixPart(finding: Finding, nextId: NextId): Markup {
  const code = inertLines(finding.fix.example ?? "").join("\n");
  const id = nextId();
  const button =
    code === ""
      ? undefined
      : safeHtml`<button type="button" hidden data-copies="${id}">Copy fix</button>`;
  const example =
    code === ""
      ? undefined
      : safeHtml`<pre><code id="${id}">${trusted(escapeHtml(code))}</code></pre>`;
  return safeHtml`<div class="fix">
    <div class="fix-head">
      <p>${finding.fix.summary}</p>
      ${button}
    </div>
    ${example}
    <p class="docs">Read <code>${finding.fix.docs}</code></p>
  </div>`;
}
