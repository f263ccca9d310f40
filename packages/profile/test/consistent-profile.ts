/** What every decoded profile promises, however damaged its bytes were. */
import { expect } from "vitest";
import type { Profile } from "@watertight/profile";

/** Fails when a column refers to a row that is not there, or columns differ in length. */
export function expectConsistent(profile: Profile): void {
  const broken = [...brokenTables(profile), ...brokenSamples(profile)];
  if (broken.length > 0) expect.fail(`inconsistent: ${broken.join(", ")}`);
}

function brokenTables({ strings, functions, mappings, locations }: Profile): string[] {
  const { lineFunction, lineNumber, lineColumn, lineOffset } = locations;
  const checks: [string, boolean][] = [
    ["the first string", strings[0] === ""],
    ["names", isBelow(functions.name, strings.length, functions.count)],
    ["system names", isBelow(functions.systemName, strings.length, functions.count)],
    ["files", isBelow(functions.file, strings.length, functions.count)],
    ["start lines", functions.startLine.length === functions.count],
    ["binaries", isBelow(mappings.file, strings.length, mappings.count)],
    ["build ids", isBelow(mappings.buildId, strings.length, mappings.count)],
    ["mappings", locations.mapping.every((row) => row === 0xffff_ffff || row < mappings.count)],
    ["addresses", locations.address.length === locations.count],
    ["line offsets", rises(lineOffset, locations.count, lineFunction.length)],
    ["line functions", isBelow(lineFunction, functions.count, lineNumber.length)],
    ["line columns", lineColumn.length === lineNumber.length],
  ];
  return checks.filter(([, isRight]) => !isRight).map(([name]) => name);
}

function brokenSamples({ strings, locations, samples, sampleTypes }: Profile): string[] {
  const labels = samples.labelKey.length;
  const checks: [string, boolean][] = [
    ["stack offsets", rises(samples.stackOffset, samples.count, samples.stack.length)],
    ["stacks", isBelow(samples.stack, locations.count, samples.stack.length)],
    ["sample types", samples.values.length === sampleTypes.length],
    ["values", samples.values.every((column) => column.length === samples.count)],
    ["label offsets", rises(samples.labelOffset, samples.count, labels)],
    ["label keys", isBelow(samples.labelKey, strings.length, labels)],
    ["label texts", isBelow(samples.labelString, strings.length, labels)],
    ["label units", isBelow(samples.labelUnit, strings.length, labels)],
    ["label numbers", samples.labelNumber.length === labels],
  ];
  return checks.filter(([, isRight]) => !isRight).map(([name]) => name);
}

function isBelow(column: Uint32Array, rows: number, length: number): boolean {
  return column.length === length && column.every((row) => row < rows);
}

function rises(offsets: Uint32Array, rows: number, total: number): boolean {
  return (
    offsets.length === rows + 1 &&
    offsets[0] === 0 &&
    offsets[rows] === total &&
    offsets.every((offset, row) => row === 0 || offset >= offsets[row - 1]!)
  );
}
