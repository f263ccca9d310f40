/** Ways to a task's wake-up as captures of Node have them, and how a finding tells them. */
import { describe, expect, test } from "vitest";
import { tellWaker } from "../src/rules/node/tell-waker.ts";

const TOLD: readonly (readonly [about: string, waker: string, words: string])[] = [
  [
    "a socket",
    "TCP.<symbol owner_symbol> > Socket._events > Object.data",
    'event "data" of a TCP socket',
  ],
  [
    "a socket by its native name",
    "TCPSocketWrap > Socket._events > Object.data",
    'event "data" of a TCP socket',
  ],
  [
    "once, which listens to errors as well",
    "UDP.<symbol owner_symbol> > Socket._events > Object.error > wrapper.listener",
    "an event of a UDP socket",
  ],
  [
    "a server",
    "TCP.<symbol owner_symbol> > Server._events > Object.request > wrapper.listener",
    'event "request" of a server',
  ],
  [
    "standard input",
    "Pipe.<symbol owner_symbol> > Socket._events > Object.readable",
    'event "readable" of a pipe',
  ],
  [
    "a socket of the program's own class",
    "TCP.<symbol owner_symbol> > Uplink._events > Object.reply > Reply.resolve",
    'a TCP socket > event "reply" of Uplink > Reply.resolve',
  ],
  [
    "a child process",
    "Process.<symbol owner_symbol> > ChildProcess._events > Object.exit > wrapper.listener",
    'event "exit" of a child process',
  ],
  [
    "a worker",
    "Worker.onexit > Worker._events > Object.error > wrapper.listener",
    "an event of a worker thread",
  ],
  [
    "a message port",
    "MessagePort.<symbol kEvents> > Map.table > Object.next > Listener.listener",
    "an event of a message port",
  ],
  [
    "a signal",
    "AbortSignal.<symbol kEvents> > Map.table > Object.next > Listener.listener",
    "an event of AbortSignal",
  ],
  ["a file", "FSReqPromise.promise", "a file system request"],
  ["a file that is read whole", "ReadFileContext.callback", "a file system request"],
  ["a watched file", "FSEvent.onchange", "a file watcher"],
  ["a name", "QueryReqWrap.resolve", "a DNS lookup"],
  [
    "node:http",
    "HTTPParser.outgoing > ClientRequest._events > Object.error",
    "an event of an HTTP request",
  ],
  [
    "fetch",
    "Request.<symbol handler> > Object.onConnect > Object.processResponse > Object.resolve",
    "an HTTP request",
  ],
  [
    "a pool of undici",
    "FixedQueue.tail > FixedCircularBuffer.list > Array[0] > Request.<symbol handler> > Object.onConnect",
    "a queue > an HTTP request",
  ],
  ["a timer", "global / .clearInterval > Object[600000] > Timeout._onTimeout", "a timer of 600 s"],
  ["a short timer", "global / .setInterval > Object[40] > Timeout._onTimeout", "a timer of 40 ms"],
  [
    "a timer beside a server's own",
    "TCP.<symbol owner_symbol> > Server.<symbol http.server.connectionsCheckingInterval> > Timeout._onTimeout",
    "a timer",
  ],
  ["a timer in a list", "TimersList._idlePrev > Timeout._onTimeout", "a timer"],
  ["a timer that the program keeps", "Poll.timer > Timeout._onTimeout", "Poll.timer > a timer"],
  ["a lock", "Account.mutex > Mutex.#waiting > Array[1]", "Account.mutex > Mutex.#waiting (array)"],
  [
    "a set in a module",
    "ModuleWrap[2] > Module[0] > Board.#polls > Set.table",
    "Board.#polls (Set)",
  ],
  [
    "a map in a module's variable",
    "global / .<symbol node:entry_point_module> > ModuleWrap[2] > Module[0] > Map.table",
    "a Map",
  ],
  [
    "plain objects",
    "global / .shop > Object.replicas > Array[0] > Object.resolve",
    "globalThis.shop > replicas (array) > resolve",
  ],
  [
    "a chain",
    "WaiterQueue.#first > Object.waiter > Object.complete > Object.complete",
    "WaiterQueue.#first > waiter > complete",
  ],
  [
    "an emitter in a map",
    "Module[0] > Map.table > Transform._events > Object.readable",
    'a Map > event "readable" of Transform',
  ],
  [
    "a stream whose name does not say so",
    "Archive(stream)._events > Object.error > wrapper.listener",
    "an event of Archive (a stream)",
  ],
  ["a request that is noted", "Inbox.<symbol kResourceStore> > Inbox.#next", "Inbox.#next"],
  ["a symbol of the program's", "Store.<symbol pending> > Map.table", "Store[pending] (Map)"],
];

describe("who could wake a task is told in words", () => {
  test.each(TOLD)("%s: %s", (_, waker, words) => {
    expect(tellWaker(waker)).toBe(words);
  });

  test.each([
    ["Worker.#job > Object.resolve", "Worker.#job > resolve"],
    ["Process.#done > Object.resolve", "Process.#done > resolve"],
    ["Request.#handler > Object.onConnect", "Request.#handler > onConnect"],
    ["Request.<symbol handler> > Relay.resolve", "Request[handler] > Relay.resolve"],
    ["Server._events > Object.ready", 'event "ready" of Server'],
    ["Delays.table > Object[30] > Timeout._onTimeout", "Delays > a timer"],
  ])("a class of the program's is not taken for one of Node's: %s", (waker, words) => {
    expect(tellWaker(waker)).toBe(words);
  });

  test.each(["Module[0]", "global / .<symbol node:entry_point_module>"])(
    "the native thing is told where no word is left: %s",
    (waker) => {
      expect(tellWaker(waker)).toBe(waker);
    },
  );
});
