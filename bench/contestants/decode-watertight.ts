import { readFileSync } from "node:fs";
import { decodePprof } from "@watertight/profile";
import { reportCost } from "../measure.ts";

const bytes = readFileSync(process.argv[2]!);
await reportCost(() => {
  const { profile, problems } = decodePprof(bytes);
  return `${profile.samples.count} samples, ${problems.length} problems`;
});
