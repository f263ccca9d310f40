/** What the kit can say of each cause: its title and its fix. */
import type { Fix } from "@watertight/finding";

/** The causes that a test can show, of the catalogue in `docs/causes`. */
export type TestCause =
  | "promise-pending"
  | "context-ignored"
  | "channel-send"
  | "channel-receive"
  | "lock-held"
  | "stream-stalled"
  | "unclosed-body"
  | "timer-loop"
  | "listener-growth"
  | "iterator-abandoned"
  | "handle-leak";

interface CauseText {
  readonly title: string;
  readonly summary: string;
  readonly example: string;
}

const CAUSES: Readonly<Record<TestCause, CauseText>> = {
  "promise-pending": {
    title: "An async function is still suspended at an await",
    summary: "Settle the promise on every path, or give up on it with a deadline or a signal.",
    example: "await context.race(reply); // rejects when the context ends",
  },
  "context-ignored": {
    title: "Work goes on although its signal was aborted",
    summary: "Pass the signal on to whatever waits, and stop when it is aborted.",
    example: "await setTimeout(1000, undefined, { signal });",
  },
  "channel-send": {
    title: "A sender waits for somebody to receive",
    summary: "Receive what is sent, give the channel room, or send under a context that ends.",
    example: "await channel.send(value, { context });",
  },
  "channel-receive": {
    title: "A receiver waits for something that nobody sends",
    summary: "Close the channel after the last send, or receive under a context that ends.",
    example: "try {\n  await produce(channel);\n} finally {\n  channel.close();\n}",
  },
  "lock-held": {
    title: "Something waits for a lock or permit that is not given back",
    summary: "Give it back in finally, and do not wait for anything endless while holding it.",
    example:
      "const release = await mutex.acquire();\ntry {\n  await work();\n} finally {\n  release();\n}",
  },
  "stream-stalled": {
    title: "Something waits for a stream that does not move",
    summary: "End or destroy the stream when one side gives up; pipeline() does it on both.",
    example:
      'import { pipeline } from "node:stream/promises";\nawait pipeline(source, target, { signal });',
  },
  "unclosed-body": {
    title: "A response body was neither read nor cancelled",
    summary: "Read the body to its end or cancel it, on every path, the error path too.",
    example: "if (!response.ok) await response.body?.cancel();",
  },
  "timer-loop": {
    title: "A timer is still set",
    summary: "Clear the timer when what it serves ends.",
    example:
      "const timer = setInterval(poll, 1000);\ntry {\n  await work();\n} finally {\n  clearInterval(timer);\n}",
  },
  "listener-growth": {
    title: "A listener stays on something that lives longer",
    summary: "Remove the listener when its work ends, or add it with a signal that ends.",
    example:
      'bus.on("change", onChange);\ntry {\n  await work();\n} finally {\n  bus.off("change", onChange);\n}',
  },
  "iterator-abandoned": {
    title: "An async generator was begun and left",
    summary: "Consume it with for await, or call return() so that its finally runs.",
    example:
      "try {\n  const { value } = await rows.next();\n} finally {\n  await rows.return(undefined);\n}",
  },
  "handle-leak": {
    title: "Something that was opened is still open",
    summary: "Close it when its work ends; await using does it on every path.",
    example: "server.close();\nserver.closeAllConnections();",
  },
};

/** The title of a cause where nothing more exact is known. */
export function titleOf(cause: TestCause): string {
  return CAUSES[cause].title;
}

/** How a cause is fixed. */
export function fixOf(cause: TestCause): Fix {
  const { summary, example } = CAUSES[cause];
  return { summary, example, docs: `docs/causes/${cause}.md` };
}
