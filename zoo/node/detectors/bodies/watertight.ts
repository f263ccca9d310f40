/**
 * The product's own testkit around the body.
 *
 *     node watertight.ts PROGRAM    → a line of JSON: its findings
 */
import { checkBody } from "@watertight/testkit";
import { runBody } from "../../drive.ts";
import { loadProgram } from "../../program.ts";
import { GIVE_UP_MS, TEST_REQUESTS } from "./requests.ts";

const program = await loadProgram(process.argv[2] ?? "");
const findings = await checkBody(() => runBody(program, TEST_REQUESTS, GIVE_UP_MS));
process.stdout.write(`${JSON.stringify(findings)}\n`, () => process.exit());
