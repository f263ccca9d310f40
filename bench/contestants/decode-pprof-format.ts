import { readFileSync } from "node:fs";
import { Profile } from "pprof-format";
import { reportCost } from "../measure.ts";

const bytes = readFileSync(process.argv[2]!);
await reportCost(() => `${Profile.decode(bytes).sample.length} samples`);
