import { describeAgent } from "./agent-suite.ts";
import { describeExternal } from "./external-suite.ts";

describeAgent("22");
describeExternal("22");
