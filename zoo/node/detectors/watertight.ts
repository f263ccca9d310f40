/** The product as a test-time detector: `checkBody` of its testkit. Never kept: its sources change. */
import { join } from "node:path";
import type { Finding } from "@watertight/finding";
import { type Detector, namedLines } from "./detector.ts";

export const WATERTIGHT: Detector = {
  name: "Watertight testkit",
  short: "testkit",
  keptBy: undefined,
  args: (program) => [join(import.meta.dirname, "bodies/watertight.ts"), program],
  read: ({ stdout }) => {
    const last = stdout.trim().split("\n").at(-1) ?? "";
    const findings = JSON.parse(last) as readonly Finding[];
    return findings.map(({ cause, title, site, creator, evidence }) => ({
      cause,
      text: title,
      lines: [site, creator, ...evidence.flatMap(({ frames = [] }) => frames)].flatMap((frame) =>
        frame === undefined ? [] : namedLines(`${frame.file}:${frame.line}`),
      ),
    }));
  },
};
