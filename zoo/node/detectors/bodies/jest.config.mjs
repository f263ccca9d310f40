/** Jest with native modules and Node's own type stripping, which keeps every line where it is. */
export default {
  rootDir: "../../../..",
  testMatch: ["<rootDir>/zoo/node/detectors/bodies/jest-body.mjs"],
  testEnvironment: "node",
  testEnvironmentOptions: { customExportConditions: ["watertight-source", "node"] },
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/zoo/node/detectors/bodies/strip-types.cjs" },
  modulePathIgnorePatterns: ["<rootDir>/packages/.*/dist", "<rootDir>/zoo/go"],
  haste: { enableSymlinks: false },
  watchman: false,
  cache: false,
};
