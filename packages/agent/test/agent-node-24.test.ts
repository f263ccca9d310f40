import { describeAgent } from "./agent-suite.ts";
import { describeCpu } from "./cpu-suite.ts";
import { describeExternal } from "./external-suite.ts";

describeAgent("24");
describeExternal("24");
describeCpu("24", { env: {} });
