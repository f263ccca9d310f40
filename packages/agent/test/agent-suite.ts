import { lstatSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { agentFile, agentFolder, capture, decodeCensus } from "@watertight/capture";
import {
  decodeGoroutineText,
  decodePprof,
  goroutinesFromProfile,
  isCollected,
  type Profile,
} from "@watertight/profile";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findGoToolchains, findNode } from "../../../e2e/real-parts.ts";
import { openProfile } from "./go-pprof.ts";
import { ask, NodeProgram, sourceFolder, TOKEN } from "./node-program.ts";

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

const readers = findGoToolchains().filter(({ version }) => ["1.19", "1.27"].includes(version));

/** Everything that holds inside one version of Node: a file a version, so that they run side by side. */
export function describeAgent(major: string): void {
  describe(`the agent inside Node ${major}`, { timeout: 120_000 }, () => {
    const node = findNode(major);
    describe.skipIf(node === undefined)("as a real process", () => {
      let program: NodeProgram;
      let url: string;
      let port: string;
      /** Bodies by what was asked for; each of the tasks costs a heap snapshot, so once is enough. */
      const taken = new Map<string, Buffer>();
      const body = (path: string): Buffer => taken.get(path) as Buffer;
      const take = async (path: string): Promise<void> =>
        void taken.set(path, await bytesOf(await ask(`${url}/${path}`)));

      beforeAll(async () => {
        program = new NodeProgram(node as string, "orders.mjs");
        url = await program.line();
        port = await program.line();
        const cpu = take("profile?seconds=1");
        await take("goroutine?debug=2");
        await take("census");
        taken.set("census again", await bytesOf(await ask(`${url}/census`)));
        await cpu;
        for (const path of ["goroutine?debug=1", "goroutine", "goroutineleak?debug=2"]) {
          await take(path);
        }
        for (const path of ["goroutineleak", "heap", "allocs", "external", "heap?seconds=1"])
          await take(path);
      }, 120_000);
      afterAll(async () => await program[Symbol.asyncDispose]());

      test("the task profile names every suspended function, its await line and its stack", () => {
        const { groups, runtime, total, truncated } = decodeGoroutineText(
          body("goroutine?debug=2"),
        );
        expect({ runtime, total, truncated }).toEqual({
          runtime: "node",
          total: 4,
          truncated: false,
        });
        const stacks = groups.map(({ count, leaked, frames }) => ({
          count,
          leaked,
          lines: frames.map(({ function: name, line }) => `${name}:${line}`),
        }));
        expect(stacks).toEqual([
          { count: 3, leaked: 0, lines: ["reserve:15", "order:19"] },
          { count: 1, leaked: 1, lines: ["reserve:13", "order:19"] },
        ]);
      });

      test("the request of a task is a label, and nothing else of its store is", () => {
        const text = body("goroutine?debug=2").toString();
        expect(text).toContain("route: /orders");
        expect(text).not.toContain("secret");
      });

      test("the agent's own tasks and Node's module loader are not in it", () => {
        const text = body("goroutine?debug=2").toString();
        expect(text).not.toContain(sourceFolder);
        expect(text).not.toContain("node:internal/modules");
      });

      test("ids stay the same from one profile to the next, also past a CPU profile", () => {
        const idOf = (path: string): number =>
          decodeGoroutineText(body(path)).groups.find(({ leaked }) => leaked > 0)?.ids[0] as number;
        expect(idOf("goroutineleak?debug=2")).toBe(idOf("goroutine?debug=2"));
      });

      test("a heap snapshot and a session beside it call an object by the same id, from one to the next", async () => {
        await using other = new NodeProgram(node as string, "ids.mjs", {
          agent: "mounted",
          flags: ["--expose-gc"],
        });
        const said = [await other.line(), await other.line(), await other.line()];
        expect(said[0]).toMatch(/^\d+ Marked$/);
        expect(new Set(said).size).toBe(1);
        expect(await other.ended()).toBe(0);
      });

      test("the census is of the last task profile, without another standstill", async () => {
        const { census, atMs, notes } = decodeCensus(body("census"));
        expect(notes).toEqual([]);
        expect(atMs).toBe(decodeCensus(body("census again")).atMs);
        const kinds = new Set(census.entries.map(({ kind, name }) => `${kind} ${name}`));
        expect(kinds).toContain("timer Timeout");
        expect(kinds).toContain("handle Server");
        expect(kinds).toContain("handle open file");
      });

      test("goroutineleak holds what is proven stuck and nothing else", () => {
        const { groups } = decodeGoroutineText(body("goroutineleak?debug=2"));
        expect(groups.map(({ count, leaked }) => ({ count, leaked }))).toEqual([
          { count: 1, leaked: 1 },
        ]);
        const { profile } = decodePprof(gunzipSync(body("goroutineleak")));
        expect(goroutinesFromProfile(profile)).toMatchObject({ leakProfile: true, total: 1 });
      });

      test("debug=1 and debug=0 count the same tasks", () => {
        const text = decodeGoroutineText(body("goroutine?debug=1"));
        const { profile } = decodePprof(gunzipSync(body("goroutine")));
        expect([text.total, goroutinesFromProfile(profile).total]).toEqual([4, 4]);
      });

      test.each(readers.flatMap(({ version, go }) => [[version, go]] as const))(
        "go tool pprof of Go %s opens every profile",
        (_, go) => {
          expect(openProfile(go, ["-top"], body("goroutine"))).toMatch(/Type: goroutine[^]*order/);
          expect(openProfile(go, ["-top"], body("goroutineleak"))).toMatch(
            /Type: goroutineleak[^]*order/,
          );
          expect(openProfile(go, ["-top"], body("allocs"))).toContain("Type: inuse_space");
          expect(openProfile(go, ["-raw"], body("heap"))).toMatch(
            /inuse_space\/bytes[^]*orders\.mjs/,
          );
          expect(openProfile(go, ["-top"], body("external"))).toMatch(
            /Type: inuse_space[^]*keepUpload/,
          );
          expect(openProfile(go, ["-raw"], body("external"))).toMatch(
            /alloc_space\/bytes.*orders/s,
          );
          expect(openProfile(go, ["-top"], body("profile?seconds=1"))).toContain("Type: cpu");
          expect(openProfile(go, ["-raw"], body("profile?seconds=1"))).toMatch(/orders\.mjs/);
        },
      );

      test("heap?seconds= is what changed in that time", () => {
        expect(decodePprof(gunzipSync(body("heap?seconds=1"))).problems).toEqual([]);
      });

      test("heap?gc=1 is taken after a collection, and says so", async () => {
        const heapOf = async (path: string): Promise<Profile> => {
          const bytes = await bytesOf(await ask(`${url}/${path}`));
          return decodePprof(gunzipSync(bytes)).profile;
        };
        expect(isCollected(await heapOf("heap"))).toBe(false);
        expect(isCollected(await heapOf("heap?gc=1"))).toBe(true);
        const captured = await capture(url, ["heap"], {}, { bearerToken: TOKEN });
        expect(captured.heap && isCollected(captured.heap)).toBe(true);
      });

      test("a trace is Chrome's format with the event loop in it", async () => {
        const trace = (await (await ask(`${url}/trace?seconds=1`)).json()) as {
          traceEvents: { name: string; ph: string; ts: number }[];
        };
        expect(trace.traceEvents.some(({ name }) => name === "event loop delay")).toBe(true);
      });

      test("cmdline, vanished, the index page and the request counter answer", async () => {
        await (await fetch(`http://127.0.0.1:${port}/`)).text();
        expect(await (await ask(`${url}/cmdline`)).text()).toContain("orders.mjs");
        expect(await (await ask(`${url}/vanished?debug=1`)).text()).toContain("total 0");
        expect(await (await ask(`${url}/`)).text()).toContain("<a href='goroutineleak?debug=1'>");
        const metrics = await (await ask(`${new URL(url).origin}/metrics`)).text();
        expect(metrics).toMatch(/^http_requests_total [1-9]/m);
      });

      test.each([
        ["nothing?debug=1", 404],
        ["goroutine?debug=3", 400],
        ["profile?seconds=0", 400],
        ["heap?seconds=1e9", 400],
        ["heap?gc=yes", 400],
        ["__proto__", 404],
      ])("%s answers %i with a code and a remedy", async (path, status) => {
        const answer = await ask(`${url}/${path}`);
        expect(answer.status).toBe(status);
        expect(await answer.text()).toMatch(/WT_AGENT_/);
      });

      test.each(["goroutine?debug=2", "profile?seconds=1"])(
        "of two requests for %s at once one is refused",
        async (path) => {
          const answers = await Promise.all([ask(`${url}/${path}`), ask(`${url}/${path}`)]);
          await Promise.all(answers.map((answer) => answer.arrayBuffer()));
          expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 503]);
        },
      );

      test("without its token nothing is told, on any path", async () => {
        for (const path of ["/", "/goroutine?debug=1", "/../../metrics", "/cmdline"]) {
          for (const token of ["", "wrong", `${TOKEN}x`]) {
            const answer = await ask(`${url}${path}`, token);
            expect(answer.status).toBe(401);
            expect(await answer.text()).toContain("WT_AGENT_UNAUTHORIZED");
          }
        }
      });

      test("its file is readable by this user alone, and gone when the process ends by itself", async () => {
        const { mode } = lstatSync(agentFile(program.child.pid as number));
        expect([mode & 0o777, lstatSync(agentFolder()).mode & 0o777]).toEqual([0o600, 0o700]);
        await using other = new NodeProgram(node as string, "quiet.cjs");
        expect(await other.ended()).toBe(0);
        expect(readdirSync(agentFolder())).not.toContain(`${other.child.pid}.json`);
      });

      test("a program that is done ends, though it was asked for a task profile", async () => {
        await using other = new NodeProgram(node as string, "ends.cjs");
        expect(await other.line()).toBe("200");
        expect(await other.ended()).toBe(0);
        expect(other.stderr).toBe("");
      });

      test("a port that is taken is one line, and the program runs on", async () => {
        await using other = new NodeProgram(node as string, "quiet.cjs", {
          env: { WATERTIGHT_PORT: port },
        });
        expect(await other.line()).toBe("ran");
        expect(await other.ended()).toBe(0);
        expect(other.stderr).toMatch(/^watertight agent: .*EADDRINUSE.* WT_AGENT_LISTEN\n$/);
      });

      test.each([
        { WATERTIGHT_PORT: "many" },
        { WATERTIGHT_REQUESTS: "maybe" },
        { WATERTIGHT_EXTERNAL_MEMORY: "some" },
        { WATERTIGHT_CPU_PROFILE: "soon" },
        { WATERTIGHT_HOST: "0.0.0.0", WATERTIGHT_TOKEN: "" },
      ])(
        "an environment that makes no sense is one line, and the program runs on: %o",
        async (env) => {
          await using other = new NodeProgram(node as string, "quiet.cjs", { env });
          expect(await other.line()).toBe("ran");
          expect(await other.ended()).toBe(0);
          expect(other.stderr).toMatch(/^watertight agent: .* WT_AGENT_OPTION_INVALID\n$/);
        },
      );

      test("a task says its request and for how long that has been gone; a request without a trace is told", async () => {
        await using other = new NodeProgram(node as string, "requests.mjs", {
          env: { WATERTIGHT_REQUESTS: "on" },
        });
        const agent = await other.line();
        const tasks = decodeGoroutineText(await bytesOf(await ask(`${agent}/goroutine?debug=2`)));
        const labels = tasks.groups.map((group) => group.labels).filter(({ path }) => path);
        expect(labels).toEqual([
          { abortedSeconds: expect.stringMatching(/^\d+$/), method: "GET", path: "/held/:id" },
        ]);
        const vanished = decodeGoroutineText(await bytesOf(await ask(`${agent}/vanished?debug=2`)));
        expect(vanished.groups.map(({ state, labels }) => ({ state, labels }))).toEqual([
          { state: "vanished", labels: { method: "GET", path: "/lost/:id" } },
        ]);
      });

      test("stopping twice is fine, and leaves nothing that keeps the process", async () => {
        await using other = new NodeProgram(node as string, "stops.mjs", { agent: "mounted" });
        for (let round = 0; round < 2; round++) expect(await other.line()).toBe("200");
        expect(await other.ended()).toBe(0);
      });

      test("mounted in node:http, Express, Fastify and Hono it wants its token and leaves the rest alone", async () => {
        await using other = new NodeProgram(node as string, "mounts.mjs", { agent: "mounted" });
        for (const expected of ["node:http", "express", "fastify", "hono"]) {
          const [name, origin] = (await other.line()).split(" ");
          expect(name).toBe(expected);
          expect(await (await fetch(`${origin}/`)).text()).toBe("app");
          expect((await ask(`${origin}/debug/pprof/cmdline`, "")).status).toBe(401);
          expect(await (await ask(`${origin}/debug/pprof/cmdline`)).text()).toContain("mounts.mjs");
          const heap = await bytesOf(await ask(`${origin}/debug/pprof/heap`));
          expect(decodePprof(gunzipSync(heap)).problems).toEqual([]);
        }
      });
    });
  });
}
