export { measureSlope, testTrend } from "../../../flame/src/trend.ts";
export { controlFalseDiscovery } from "../../../flame/src/false-discovery.ts";
