/** Files that stay open, and watchers of them. */
import { EventEmitter } from "node:events";
import fs from "node:fs";
import { open, watch } from "node:fs/promises";
import type { LeakyBody } from "./leaky-body.ts";

const bus = new EventEmitter();

export const FILES: readonly LeakyBody[] = [
  {
    name: "a descriptor of openSync",
    cause: "handle-leak",
    line: "fs.openSync(",
    run: (cleanUp) => {
      const descriptor = fs.openSync(import.meta.filename, "r");
      cleanUp(() => fs.closeSync(descriptor));
    },
  },
  {
    name: "a file handle",
    cause: "handle-leak",
    line: "await open(",
    run: async (cleanUp) => {
      const file = await open(import.meta.filename, "r");
      cleanUp(() => file.close());
    },
  },
  {
    name: "a watcher",
    cause: "handle-leak",
    line: "fs.watch(",
    run: (cleanUp) => {
      const watcher = fs.watch(import.meta.dirname);
      cleanUp(() => watcher.close());
    },
  },
  {
    name: "a watcher that is iterated for ever",
    cause: "handle-leak",
    line: "of watch(",
    run: (cleanUp) => {
      const stop = new AbortController();
      cleanUp(() => stop.abort());
      void (async () => {
        for await (const { filename } of watch(import.meta.dirname, stop)) bus.emit("x", filename);
      })().catch(() => {});
    },
  },
];
