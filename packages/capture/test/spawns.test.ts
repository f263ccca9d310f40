import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { capture } from "../src/index.ts";
import { serveHttp } from "./local-server.ts";

const fixture = new URL("../../profile/test/fixtures/trace/cron-go1.26.trace", import.meta.url);
const trace = readFileSync(fileURLToPath(fixture));

async function serveTrace(body: Uint8Array | string) {
  const index = "<tr><td>42</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr>";
  return await serveHttp((request, response) => {
    if (request.url?.startsWith("/debug/pprof/trace")) response.end(body);
    else if (request.url === "/debug/pprof/")
      response.end(`/debug/pprof/ Types of profiles available ${index}`);
    else response.writeHead(404).end();
  });
}

test("a second of execution trace is read for its go statements", async () => {
  const { target, requests } = await serveTrace(trace);
  const { spawns, problems } = await capture(target, ["spawns"]);
  expect(requests).toContain("/debug/pprof/trace?seconds=1");
  expect(spawns?.spawns).toHaveLength(53);
  expect(problems).toEqual([]);
});

test("what is no trace is a coded problem", async () => {
  const { target } = await serveTrace("Could not enable tracing: tracing is already enabled\n");
  await expect(capture(target, ["spawns"])).rejects.toMatchObject({
    code: "WT_CAPTURE_PROFILE_INVALID",
  });
});
