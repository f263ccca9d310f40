// Set-up module for Jest: `setupFilesAfterEnv: ["@watertight/testkit/jest"]`.
const { runInThisContext } = require("node:vm");

const load = runInThisContext("process.getBuiltinModule('node:module')").createRequire(__filename);
const testkit = load("@watertight/testkit/module");

// ES modules are loaded anew in the sandbox; there they find these.
globalThis[Symbol.for("watertight.testkit")] = testkit;
load("@watertight/testkit/jest-events").watchJest(globalThis);

module.exports = testkit;
