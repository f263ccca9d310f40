// `require("@watertight/testkit")`. Jest's sandbox loads no ES modules; Node's own require, outside, does.
const { runInThisContext } = require("node:vm");

const load = runInThisContext("process.getBuiltinModule('node:module')").createRequire(__filename);
module.exports = load("@watertight/testkit/module");
