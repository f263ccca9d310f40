import { closeSync, openSync, readSync } from "node:fs";
import { GoroutineTextDecoder } from "@watertight/profile";
import { reportCost } from "../measure.ts";

const CHUNK_BYTES = 1 << 18;

await reportCost(() => {
  const file = openSync(process.argv[2]!, "r");
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const decoder = new GoroutineTextDecoder();
  for (;;) {
    const length = readSync(file, chunk, 0, chunk.length, null);
    if (length === 0) break;
    decoder.push(chunk.subarray(0, length));
  }
  closeSync(file);
  const { covered, groups, problems } = decoder.finish();
  return `${covered} goroutines, ${groups.length} groups, ${problems.length} problems`;
});
