import { describeAgent } from "./agent-suite.ts";
import { describeCpu } from "./cpu-suite.ts";
import { describeExternal } from "./external-suite.ts";

describeAgent("22");
describeExternal("22");
describeCpu("22", { env: { WATERTIGHT_REQUESTS: "on" } });
