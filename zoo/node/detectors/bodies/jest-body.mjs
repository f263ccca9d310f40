/** One program as a Jest test. */
import { runBody } from "../../drive.ts";
import { GIVE_UP_MS, REST_MS, TEST_REQUESTS } from "./requests.ts";

let program;

beforeAll(async () => {
  program = await import(process.env.ZOO_PROGRAM);
});

test("a program of the zoo", async () => {
  await runBody(program, TEST_REQUESTS, GIVE_UP_MS);
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
});
