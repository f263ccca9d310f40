/** One program as a Vitest test. */
import { beforeAll, test } from "vitest";
import { runBody } from "../../drive.ts";
import { loadProgram, type NodeProgram } from "../../program.ts";
import { GIVE_UP_MS, REST_MS, TEST_REQUESTS } from "./requests.ts";

let program: NodeProgram;

beforeAll(async () => {
  program = await loadProgram(process.env["ZOO_PROGRAM"] ?? "");
});

test("a program of the zoo", async () => {
  await runBody(program, TEST_REQUESTS, GIVE_UP_MS);
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
});
