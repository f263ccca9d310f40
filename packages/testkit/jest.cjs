// Set-up module for Jest: `setupFilesAfterEnv: ["@watertight/testkit/jest"]`.
// Jest runs this in its sandbox, which loads no ES modules; Node's own require, outside, does.
const { runInThisContext } = require("node:vm");

const load = runInThisContext("process.getBuiltinModule('node:module')").createRequire(__filename);
load("@watertight/testkit/jest-events").watchJest(globalThis);

// The same functions for test files, which cannot load the ES module either.
module.exports = load("@watertight/testkit");
