/**
 * Attaching to a Node process that was started without anything: SIGUSR1 makes it open its
 * inspector on loopback; afterwards the inspector is closed again, if it was closed before.
 */
import { type CaptureClock, SYSTEM_CLOCK } from "../clock.ts";
import { CaptureError } from "../errors.ts";
import { findListeningPorts, type ListeningPort } from "../listening-ports.ts";
import type { InspectorSession } from "./inspector-session.ts";
import { checkCatchesSignal } from "./node-process.ts";
import { openWebSocketSession } from "./websocket-session.ts";

const ATTEMPTS_MAX = 50;
/** The inspector's port may be another process's for a moment: then the signal is sent again. */
const ATTEMPTS_PER_SIGNAL = 20;
const ATTEMPT_DELAY_MS = 100;
const ANSWER_MS_MAX = 1000;
/** Requests to a port that opened meanwhile, before it is taken for one of the service's own. */
const ASKED_MAX = 3;
/** Where Node's inspector listens, unless it is told otherwise. */
const INSPECTOR_PORT = 9229;

/** Where an inspector answers. */
interface OpenInspector {
  readonly port: number;
  /** URL of its WebSocket. */
  readonly url: string;
}

/** Options of {@link attachToProcess}. */
export interface AttachProcessOptions {
  readonly clock?: CaptureClock;
  /** Without a word from here for so long, the process closes its inspector by itself; a minute by default. */
  readonly silenceMs?: number;
}

/**
 * Opens an inspector session to a local Node process.
 *
 * @throws {CaptureError} `WT_CAPTURE_PID_MISSING`, `WT_CAPTURE_PID_UNREADABLE`, `WT_CAPTURE_INSPECTOR`
 */
export async function attachToProcess(
  pid: number,
  { clock = SYSTEM_CLOCK, silenceMs = SILENCE_MS_MAX }: AttachProcessOptions = {},
): Promise<InspectorSession> {
  const before = await findListeningPorts(pid);
  const usual = await findInspector(before.filter(({ port }) => port === INSPECTOR_PORT));
  if (usual) return openWebSocketSession(usual.url);
  const refusal = await checkCatchesSignal(pid).catch((error: unknown) => error);
  const opened = refusal === undefined ? await openInspector(pid, before, clock) : undefined;
  if (opened) {
    const session = await openWebSocketSession(opened.url);
    return await closingAfterwards(session, { pid, clock, silenceMs, port: opened.port });
  }
  // What the service itself listens on is asked last, and once: it is no inspector, as a rule.
  const elsewhere = await findInspector(before);
  if (elsewhere) return openWebSocketSession(elsewhere.url);
  throw (
    refusal ??
    new CaptureError(
      "WT_CAPTURE_INSPECTOR",
      `process ${pid} did not open one, as when its port (${INSPECTOR_PORT}, where --inspect-port names no other) is another process's`,
    )
  );
}

/** Makes the process open its inspector; undefined when none came, as when one is open already. */
async function openInspector(
  pid: number,
  before: readonly ListeningPort[],
  clock: CaptureClock,
): Promise<OpenInspector | undefined> {
  const asked = new Map(before.map(({ port }) => [port, ASKED_MAX]));
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (attempt % ATTEMPTS_PER_SIGNAL === 0) process.kill(pid, "SIGUSR1");
    const ports = await findListeningPorts(pid);
    const fresh = ports.filter(({ port }) => (asked.get(port) ?? 0) < ASKED_MAX);
    const opened = await findInspector(fresh);
    if (opened) return opened;
    for (const { port } of fresh) asked.set(port, (asked.get(port) ?? 0) + 1);
    await clock.sleep(ATTEMPT_DELAY_MS);
  }
  return undefined;
}

/** The first port that answers as an inspector does. */
async function findInspector(ports: readonly ListeningPort[]): Promise<OpenInspector | undefined> {
  for (const { host, port } of ports) {
    const origin = `http://${host}:${port}`;
    const answer = await fetch(`${origin}/json/list`, {
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      redirect: "error",
    })
      .then((response): Promise<unknown> => response.json())
      .catch(() => undefined);
    const path = readDebuggerPath(answer);
    if (path !== undefined) return { port, url: `ws://${host}:${port}${path}` };
  }
  return undefined;
}

/** Only the path is taken from the answer: the connection goes to the port that was asked. */
function readDebuggerPath(answer: unknown): string | undefined {
  if (!Array.isArray(answer)) return undefined;
  const url = (answer[0] as { webSocketDebuggerUrl?: unknown } | undefined)?.webSocketDebuggerUrl;
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  return new URL(url).pathname;
}

const SILENCE_MS_MAX = 60_000;
/** How often a word is sent in that time. */
const WORDS_IN_SILENCE = 4;

const CLOSE = "process.getBuiltinModule('node:inspector').close()";
const TIMER = "globalThis[Symbol.for('watertight.attached')]";
const KEEP_OPEN = `${TIMER}?.refresh(); void 0`;
// Closing waits for the last connection to end, so it is put off until this one has.
const LEAVE = `clearTimeout(${TIMER}); delete ${TIMER}; setTimeout(() => ${CLOSE}, 50).unref(); void 0`;

/** The inspector's port of a process, open for a conversation. */
interface OpenedPort {
  readonly pid: number;
  readonly port: number;
  readonly silenceMs: number;
  readonly clock: CaptureClock;
}

/** An inspector that was opened for a conversation closes when that ends, also when this process is killed. */
async function closingAfterwards(
  session: InspectorSession,
  target: OpenedPort,
): Promise<InspectorSession> {
  const evaluate = (expression: string): Promise<unknown> =>
    session.post("Runtime.evaluate", { expression }).catch(() => {});
  const { silenceMs } = target;
  await evaluate(`${TIMER} ??= setTimeout(() => ${CLOSE}, ${silenceMs}).unref(); void 0`);
  const everyMs = silenceMs / WORDS_IN_SILENCE;
  const keepOpen = setInterval(() => void evaluate(KEEP_OPEN), everyMs).unref();
  return {
    ...session,
    close: async () => {
      clearInterval(keepOpen);
      await evaluate(LEAVE);
      await session.close();
      await waitUntilClosed(target);
    },
  };
}

const CLOSED_ATTEMPTS_MAX = 50;

/** Whoever attached before the inspector is gone would be what its closing waits for, and stop the process. */
async function waitUntilClosed({ pid, port, clock }: OpenedPort): Promise<void> {
  for (let attempt = 0; attempt < CLOSED_ATTEMPTS_MAX; attempt++) {
    const ports = await findListeningPorts(pid).catch(() => []);
    if (!ports.some((listening) => listening.port === port)) return;
    await clock.sleep(ATTEMPT_DELAY_MS);
  }
}
