import { describe, expect, test } from "vitest";
import { decodeGoroutineText } from "../src/index.ts";
import { bytesOf } from "./goroutine-fixtures.ts";

describe("counts per stack (debug=1)", () => {
  const decodeCounts = (records: string, total = 7) =>
    decodeGoroutineText(bytesOf(`goroutine profile: total ${total}\n${records}`));

  test("columns may be padded with tabs, or be missing", () => {
    const dump = decodeCounts(
      "7 @ 0x1 0x2 0x3\n#\t0x1\tmain.(*T).f+0x31\t\t\t/My Code/a.go:12\n#\t0x2\t\t\tmain.g+0x1\t\t/b.go:1\n#\t0x3\n\n",
    );
    expect(dump.problems).toEqual([]);
    expect(dump.groups[0]?.frames).toEqual([
      { function: "main.(*T).f", file: "/My Code/a.go", line: 12 },
      { function: "main.g", file: "/b.go", line: 1 },
      { function: "", file: "", line: 0 },
    ]);
  });

  test("labels belong to the stack below them", () => {
    const dump = decodeCounts(
      '5 @ 0x1\n# labels: {"a":"1", "b key":"x, \\"y\\""}\n#\t0x1\tmain.f+0x31\t/a.go:12\n\n2 @ 0x1\n#\t0x1\tmain.f+0x31\t/a.go:12\n\n',
    );
    expect(dump.groups.map(({ count, labels }) => [count, labels])).toEqual([
      [5, { a: "1", "b key": 'x, "y"' }],
      [2, {}],
    ]);
  });

  test("stacks that differ only in addresses are one group", () => {
    const record = "3 @ 0x1\n#\t0x1\tmain.f+0x31\t/a.go:12\n\n";
    const dump = decodeCounts(record + record.replaceAll("0x1\t", "0x2\t"), 6);
    expect(dump).toMatchObject({ total: 6, covered: 6, truncated: false });
    expect(dump.groups).toHaveLength(1);
  });

  test("fewer goroutines than the first line promised are a cut dump", () => {
    const dump = decodeCounts("3 @ 0x1\n#\t0x1\tmain.f+0x31\t/a.go:12\n\n", 9);
    expect(dump).toMatchObject({ total: 9, covered: 3, truncated: true });
    expect(dump.problems[0]?.code).toBe("WT_PROFILE_TRUNCATED");
  });

  test("a damaged stack is left out and named", () => {
    const dump = decodeCounts("3 @ 0x1\n#\tgarbage\n\n4 @ 0x1\n#\t0x1\tmain.f+0x31\t/a.go:12\n\n");
    expect(dump).toMatchObject({ total: 7, covered: 4, truncated: false });
    expect(dump.problems.map(({ code, offset }) => [code, offset])).toEqual([
      ["WT_PROFILE_CORRUPT", 35],
    ]);
  });
});
