import { expect, test } from "vitest";
import { listFiles, listRooms, readSource } from "./source-tree.ts";
import { longFiles, longFunctions } from "./size-exceptions.ts";

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 60;

const sources = listRooms()
  .flatMap((folder) => listFiles(`${folder}/src`))
  .concat(listFiles("scripts"), listFiles("zoo"), listFiles("bench"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .map(readSource);

test("a file is one idea: at most 300 lines, unless it stands in the list of exceptions", () => {
  const long = sources
    .filter((source) => source.lineCount > FILE_LINES_MAX)
    .filter((source) => source.lineCount > (longFiles[source.path] ?? 0))
    .map((source) => `${source.path} has ${source.lineCount} lines: split it by idea.`);
  expect(long).toEqual([]);
});

test("a function is at most 60 lines, unless it stands in the list of exceptions", () => {
  const long = sources.flatMap((source) =>
    source.functions
      .filter((each) => each.lineCount > FUNCTION_LINES_MAX)
      .filter((each) => each.lineCount > (longFunctions[`${source.path} ${each.name}`] ?? 0))
      .map((each) => `${source.path} ${each.name} has ${each.lineCount} lines: name its parts.`),
  );
  expect(long).toEqual([]);
});

test("the list of exceptions only shrinks: an entry that is no longer needed is removed", () => {
  const idle = Object.keys(longFiles).filter(
    (path) => (sources.find((source) => source.path === path)?.lineCount ?? 0) <= FILE_LINES_MAX,
  );
  const idleFunctions = Object.keys(longFunctions).filter((key) => {
    const source = sources.find((each) => key.startsWith(`${each.path} `));
    const name = key.slice((source?.path.length ?? 0) + 1);
    return !source?.functions.some(
      (each) => each.name === name && each.lineCount > FUNCTION_LINES_MAX,
    );
  });
  expect([...idle, ...idleFunctions]).toEqual([]);
});

test("no file is named after what it is not", () => {
  const vague = sources.filter((source) =>
    /\/(utils?|common|helpers?|types|manager|misc)(\.ts|\/)/.test(source.path),
  );
  expect(vague.map((source) => source.path)).toEqual([]);
});
