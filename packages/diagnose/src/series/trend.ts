import { sum } from "./member-ledger.ts";
export function mannKendall(v: Float64Array): { s: number; pValue: number } {
  let s = 0;
  const n = v.length;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) s += Math.sign(v[j]! - v[i]!);
  const ties = new Map<number, number>();
  for (const x of v) ties.set(x, (ties.get(x) ?? 0) + 1);
  const variance =
    (n * (n - 1) * (2 * n + 5) - sum([...ties.values()].map((t) => t * (t - 1) * (2 * t + 5)))) /
    18;
  const z = variance <= 0 ? 0 : (s - Math.sign(s)) / Math.sqrt(variance);
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const d = 0.3989423 * Math.exp((-z * z) / 2);
  const p =
    d * t * (0.3193815 + t * (-0.3565638 + t * (1.781478 + t * (-1.821256 + t * 1.330274))));
  return { s, pValue: z > 0 ? p : 1 - p };
}
export function theilSen(v: Float64Array, t: Float64Array): number {
  const slopes: number[] = [];
  for (let i = 0; i < v.length; i++)
    for (let j = i + 1; j < v.length; j++) slopes.push((v[j]! - v[i]!) / (t[j]! - t[i]!));
  slopes.sort((a, b) => a - b);
  return slopes[slopes.length >> 1] ?? 0;
}
export function benjaminiHochberg(p: Float64Array, q: number): boolean[] {
  const order = Array.from(p.keys()).sort((a, b) => p[a]! - p[b]!);
  let cut = -1;
  order.forEach((i, r) => {
    if (p[i]! <= (q * (r + 1)) / p.length) cut = r;
  });
  const out = Array.from(p, () => false);
  order.slice(0, cut + 1).forEach((i) => {
    out[i] = true;
  });
  return out;
}
