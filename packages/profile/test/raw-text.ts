/** A profile in the words of `go tool pprof -raw`, from the samples on. */
import { NO_MAPPING, type Profile } from "@watertight/profile";

const INDENT = "                ";

/** Lines of `-raw`, without its header of times (which depends on the time zone). */
export function renderRaw(profile: Profile): string[] {
  const types = profile.sampleTypes.map(
    ({ type, unit }) => `${type}/${unit}${type === profile.defaultSampleType ? "[dflt]" : ""}`,
  );
  const lines = [
    "Samples:",
    types.join(" "),
    ...renderSamples(profile),
    "Locations",
    ...renderLocations(profile),
    "Mappings",
    ...renderMappings(profile),
  ];
  return lines.map((line) => line.trimEnd());
}

/** The same part of what the tool printed. */
export function rawBody(text: string): string[] {
  const lines = text.trimEnd().split("\n");
  return lines.slice(lines.indexOf("Samples:")).map((line) => line.trimEnd());
}

function renderSamples({ samples, strings }: Profile): string[] {
  const lines: string[] = [];
  for (let row = 0; row < samples.count; row++) {
    const values = samples.values.map((column) => ` ${String(column[row]).padStart(10)}`);
    const stack = samples.stack.subarray(samples.stackOffset[row], samples.stackOffset[row + 1]);
    const ids = [...stack].map((location) => `${location + 1} `).join("");
    lines.push(`${values.join("")}: ${ids}`);
    const texts = new Map<string, string[]>();
    const numbers = new Map<string, string[]>();
    for (let label = samples.labelOffset[row]!; label < samples.labelOffset[row + 1]!; label++) {
      const key = strings[samples.labelKey[label]!]!;
      const text = strings[samples.labelString[label]!]!;
      const unit = strings[samples.labelUnit[label]!]!;
      const [group, value] =
        text === "" ? [numbers, `${samples.labelNumber[label]} ${unit}`.trimEnd()] : [texts, text];
      group.set(key, [...(group.get(key) ?? []), value]);
    }
    for (const group of [texts, numbers]) {
      const sorted = [...group].toSorted(([a], [b]) => (a < b ? -1 : 1));
      if (sorted.length > 0) {
        lines.push(INDENT + sorted.map(([key, list]) => `${key}:[${list.join(" ")}]`).join(" "));
      }
    }
  }
  return lines;
}

function renderLocations({ locations, functions, strings }: Profile): string[] {
  const lines: string[] = [];
  for (let row = 0; row < locations.count; row++) {
    const mapping = locations.mapping[row]!;
    let prefix = `${String(row + 1).padStart(6)}: 0x${locations.address[row]!.toString(16)} `;
    if (mapping !== NO_MAPPING) prefix += `M=${mapping + 1} `;
    if (locations.isFolded[row]) prefix += "[F] ";
    if (locations.lineOffset[row] === locations.lineOffset[row + 1]) lines.push(prefix);
    for (let line = locations.lineOffset[row]!; line < locations.lineOffset[row + 1]!; line++) {
      const callee = locations.lineFunction[line]!;
      const name = strings[functions.name[callee]!]!;
      const systemName = strings[functions.systemName[callee]!]!;
      const place = `${strings[functions.file[callee]!]!}:${locations.lineNumber[line]}:${locations.lineColumn[line]}`;
      const suffix = name === systemName ? "" : `(${systemName})`;
      lines.push(`${prefix}${name} ${place} s=${functions.startLine[callee]}${suffix}`);
      prefix = "             ";
    }
  }
  return lines;
}

function renderMappings({ mappings, strings }: Profile): string[] {
  return Array.from({ length: mappings.count }, (_, row) => {
    const hex = [mappings.start, mappings.limit, mappings.offset].map(
      (column) => `0x${column[row]!.toString(16)}`,
    );
    const flags = ["[FN]", "[FL]", "[LN]", "[IN]"].filter(
      (_, bit) => mappings.flags[row]! & (1 << bit),
    );
    const file = strings[mappings.file[row]!]!;
    return `${row + 1}: ${hex.join("/")} ${file} ${strings[mappings.buildId[row]!]!} ${flags.join("")}`;
  });
}
