/** Work that waits for its turn with somebody else: at a lock, a channel, a stream. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { Channel } from "@watertight/flow";
import { Mutex } from "../mutex.ts";
import type { LeakyBody } from "./leaky-body.ts";

export const HAND_OVERS: readonly LeakyBody[] = [
  {
    name: "a lock that is not given back",
    cause: "lock-held",
    line: "mutex.acquire(); // second",
    run: async () => {
      const mutex = new Mutex();
      await mutex.acquire(); // first
      void (async () => {
        await mutex.acquire(); // second
      })();
    },
  },
  {
    name: "a send with no receiver",
    cause: "channel-send",
    line: "results.send(",
    run: () => {
      const results = new Channel<number>({ name: "results" });
      void (async () => {
        await results.send(1);
      })();
    },
  },
  {
    name: "a receive with no sender",
    cause: "channel-receive",
    line: "jobs.receive(",
    run: () => {
      const jobs = new Channel<number>({ name: "jobs" });
      void (async () => {
        await jobs.receive();
      })();
    },
  },
  {
    name: "a stream that does not drain",
    cause: "stream-stalled",
    line: 'once(stream, "drain")',
    run: () => {
      const stream = new PassThrough({ highWaterMark: 1 });
      void (async () => {
        if (!stream.write("more than fits")) await once(stream, "drain");
      })();
    },
  },
];
