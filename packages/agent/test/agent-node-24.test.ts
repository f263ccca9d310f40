import { describeAgent } from "./agent-suite.ts";
import { describeExternal } from "./external-suite.ts";

describeAgent("24");
describeExternal("24");
