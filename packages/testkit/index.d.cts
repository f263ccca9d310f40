import testkit = require("./dist/index.js");
export = testkit;
