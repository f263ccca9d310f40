import { describeAgent } from "./agent-suite.ts";

describeAgent("26");
