import { expect, test } from "vitest";
import { GoroutineTextDecoder } from "../src/index.ts";

test("a goroutine cut by a large chunk is not taken for one with an overlong line", () => {
  const goroutine = (id: number, creator: string): string =>
    `goroutine ${id} [chan receive]:\nmain.wait(0xc000012345)\n\t/app/main.go:10 +0x1c\n` +
    `created by main.start${creator} in goroutine 1\n\t/app/main.go:${20 + id} +0x2b\n\n`;
  let text = "";
  let id = 1;
  while (text.length < 130_000) text += goroutine(id++, "");
  const cut = text.length + goroutine(id, "").indexOf(" in goroutine");
  text += goroutine(id, ".func1");
  const decoder = new GoroutineTextDecoder();
  const bytes = new TextEncoder().encode(`${text}\n`);
  decoder.push(bytes.subarray(0, cut));
  decoder.push(bytes.subarray(cut));
  const dump = decoder.finish();
  expect(dump.problems).toEqual([]);
  expect(dump.covered).toBe(id);
});
