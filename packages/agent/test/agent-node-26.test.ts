import { describeAgent } from "./agent-suite.ts";
import { describeExternal } from "./external-suite.ts";

describeAgent("26");
describeExternal("26");
