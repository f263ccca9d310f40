import { describeAgent } from "./agent-suite.ts";
import { describeCpu } from "./cpu-suite.ts";
import { describeExternal } from "./external-suite.ts";

describeAgent("26");
describeExternal("26");
describeCpu("26", { env: {} });
