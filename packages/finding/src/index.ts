export * from "./finding.ts";
export {
  fileBaseName,
  fingerprintFinding,
  fnv1a64,
  normaliseFunctionName,
  type LeakIdentity,
} from "./fingerprint.ts";
export {
  compareFindings,
  compareSeverity,
  distinguishFindings,
  isAtLeast,
  nestEffects,
  sortFindings,
  type FindingTree,
} from "./order.ts";
