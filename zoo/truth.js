/** The ground truth that lies beside each service: `truth.json`. */
/** The load with its defaults: 25 requests a second, six captures half a second apart. */
export function loadOf(truth) {
  return {
    path: "/",
    ratePerSecond: 25,
    captures: 6,
    gapMs: 500,
    warmMs: 300,
    settleMs: 500,
    heap: false,
    ramp: [],
    ...truth.load,
  };
}
/** Reads one `truth.json`; throws with its path when it is not what this file describes. */
export function parseTruth(text, path) {
  const truth = JSON.parse(text);
  const problem = findProblem(truth);
  if (problem !== undefined) throw new Error(`${path}: ${problem}`);
  return truth;
}
function findProblem(truth) {
  if (typeof truth.about !== "string" || truth.about === "") return "`about` is missing";
  for (const leak of truth.leaks ?? []) {
    if (!/^[a-z0-9-]+$/.test(leak.cause)) return `\`${leak.cause}\` is not a cause id`;
    if (!(leak.perRequest > 0)) return `${leak.cause}: \`perRequest\` must be positive`;
  }
  return undefined;
}
//# sourceMappingURL=truth.js.map
