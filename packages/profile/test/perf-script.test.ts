import { expect, test } from "vitest";
import { decodePerfScript, encodeFolded } from "@watertight/profile";

// Taken with `perf record -F 99 -g -- node --perf-basic-prof busy.cjs`, and cut to a few samples.
const recorded = `# captured on: Mon Nov 23 2026
node  4242/4250 [001] 1234.567890:   10101010 cpu-clock:u: 
\t    7f00aa0012a4 JS:*spinHere /srv/app/busy.cjs:2:18+0x24 (/tmp/perf-4242.map)
\t    7f00aa000b10 JS:~callSpin /srv/app/busy.cjs:7:18+0x110 (/tmp/perf-4242.map)
\t          9f1e22 v8::internal::Execution::Call(v8::internal::Isolate*, int)+0x62 (/usr/bin/node)
\t    7f11c0229d90 __libc_start_call_main+0x80 (/usr/lib/x86_64-linux-gnu/libc.so.6)

node  4242 1234.577990: cycles: 
\t    7f00aa0012b0 LazyCompile:*spinHere /srv/app/busy.cjs:2+0x30 (/tmp/perf-4242.map)
\tffffffff81000000 [unknown] ([kernel.kallsyms])

`;

function folded(text: string): string {
  return new TextDecoder().decode(
    encodeFolded(decodePerfScript(new TextEncoder().encode(text)).profile, {
      sampleType: "samples",
    }),
  );
}

test("samples keep their stacks, and JavaScript functions their own names", () => {
  expect(folded(recorded)).toBe(
    [
      "__libc_start_call_main;v8::internal::Execution::Call(v8::internal::Isolate*, int);callSpin;spinHere 1",
      "0xffffffff81000000;spinHere 1",
      "",
    ].join("\n"),
  );
});

test("the event's period, the command and the place are kept", () => {
  const { profile } = decodePerfScript(new TextEncoder().encode(recorded));
  expect(Array.from(profile.samples.values[1] as BigInt64Array)).toEqual([10101010n, 1n]);
  expect(profile.strings).toContain("cpu-clock:u");
  expect(profile.strings).toContain("/srv/app/busy.cjs");
  expect(profile.locations.lineNumber[0]).toBe(2n);
});

test("a line that is none is reported with its offset, and costs only itself", () => {
  const { profile, problems } = decodePerfScript(
    new TextEncoder().encode(`garbage\n${recorded}\n\tno address here\n`),
  );
  expect(profile.samples.count).toBe(2);
  expect(problems[0]).toMatchObject({ code: "WT_PROFILE_BAD_LINE", offset: 0 });
});

test("every cut of the text keeps the samples before it", () => {
  for (let cut = 0; cut <= recorded.length; cut++) {
    const { profile } = decodePerfScript(new TextEncoder().encode(recorded.slice(0, cut)));
    const second = recorded.indexOf("node  4242 1234");
    expect(profile.samples.count).toBeGreaterThanOrEqual(cut >= second ? 1 : 0);
  }
});
