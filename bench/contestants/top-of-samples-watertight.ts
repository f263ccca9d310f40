import { readFileSync } from "node:fs";
import { listTopFunctionsOf } from "@watertight/flame";
import { decodePprof } from "@watertight/profile";

const { profile } = decodePprof(readFileSync(process.argv[2]!));
for (const { flat, cum, name } of listTopFunctionsOf(profile))
  console.log(`${flat} ${cum} ${name}`);
