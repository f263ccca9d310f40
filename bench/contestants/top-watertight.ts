import { readFileSync } from "node:fs";
import { buildCallTree, listTopFunctions } from "@watertight/flame";
import { decodePprof } from "@watertight/profile";

const tree = buildCallTree(decodePprof(readFileSync(process.argv[2]!)).profile);
for (const { flat, cum, name } of listTopFunctions(tree)) console.log(`${flat} ${cum} ${name}`);
