/** How each kind of handle is closed. */
import type { Fix, Frame } from "@watertight/finding";
import { fixOf } from "../cause.ts";
import { repeats, type HandleKind, type HandleRecord } from "../watches/handles.ts";

const CLOSES: Partial<Record<HandleKind, { readonly summary: string; readonly example: string }>> =
  {
    socket: {
      summary: "End the connection when its work ends, on every path.",
      example: "try {\n  await talk(socket);\n} finally {\n  socket.destroy();\n}",
    },
    server: {
      summary: "Close the server when its work ends, and the connections that it keeps alive.",
      example: "server.close();\nserver.closeAllConnections();",
    },
    pipe: {
      summary: "End the stream when its work ends, on every path.",
      example: "stream.destroy();",
    },
    "UDP socket": {
      summary: "Close the socket when its work ends.",
      example: "socket.close();",
    },
    "file watcher": {
      summary: "Close the watcher when its work ends, or give it a signal that ends.",
      example:
        "const watcher = watch(path, { signal });\n// or: watcher.close(); unwatchFile(path);",
    },
    "child process": {
      summary: "End the child when its work ends, and wait until it has.",
      example:
        'const child = spawn(command, { signal });\n// or: child.kill();\nawait once(child, "exit");',
    },
    worker: {
      summary: "Terminate the worker when its work ends.",
      example: "try {\n  await work(worker);\n} finally {\n  await worker.terminate();\n}",
    },
    "message port": {
      summary: "Close one end of the channel when its work ends; the other end follows.",
      example: "port1.close(); // of a BroadcastChannel: channel.close();",
    },
  };

const TIMEOUT = {
  summary: "Clear the timer when what it serves ends, on every path.",
  example:
    "const timer = setTimeout(giveUp, 1000);\ntry {\n  await work();\n} finally {\n  clearTimeout(timer);\n}",
};

const PROMISED = {
  summary: "Give the sleep a signal, and abort it when nobody waits for it any more.",
  example: "await setTimeout(1000, undefined, { signal });",
};

const IMMEDIATE = {
  summary: "Stop queueing it again when its work ends.",
  example: "const again = () => {\n  if (!signal.aborted) setImmediate(again);\n};",
};

/** The fix of one handle that is left. */
export function fixFor(record: HandleRecord, frames: readonly Frame[]): Fix {
  const isTimer = record.kind === "timer" || record.kind === "immediate";
  const fix = fixOf(isTimer ? "timer-loop" : "handle-leak");
  if (record.kind === "immediate") return { ...fix, ...IMMEDIATE };
  if (record.kind !== "timer") return { ...fix, ...CLOSES[record.kind] };
  if (frames.some(({ file }) => file === "node:timers/promises")) return { ...fix, ...PROMISED };
  return repeats(record) ? fix : { ...fix, ...TIMEOUT };
}
