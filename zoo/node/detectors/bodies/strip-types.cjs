/** A Jest transformer: TypeScript with its types blanked out. */
const { stripTypeScriptTypes } = require("node:module");

module.exports = { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
