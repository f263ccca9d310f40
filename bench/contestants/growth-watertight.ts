import { testGrowth } from "@watertight/flame";
import { reportCost } from "../measure.ts";

const [nodes, captures, leaking] = process.argv.slice(2).map(Number) as [number, number, number];
let state = 1;
const random = (): number => (state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647) / 2 ** 31;
const values = new Float64Array(nodes * captures);
for (let node = 0; node < nodes; node++) {
  const size = 1000 * (1 + 50 * random());
  const step = random() < 0.3 ? size / 4 : 1;
  const leak = random() < leaking ? size / 50 : 0;
  for (let capture = 0; capture < captures; capture++) {
    const noise = (random() + random() + random() - 1.5) * size * 0.1;
    const value = size + leak * capture + noise;
    values[node * captures + capture] = Math.round(value / step) * step;
  }
}
await reportCost(() => `${testGrowth({ nodes, captures, values }).grownCount} growing`);
