/** Calls that open something in a later turn, when their own stack is gone. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { currentScope, runFrom } from "../current-scope.ts";
import type { Watch } from "./watch.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Puts a method that notes its caller in place of another. */
function watchMethod(owner: object, name: string): () => void {
  const methods = owner as Record<string, Method>;
  const original = methods[name] as Method;
  const watched: Method = {
    [name](this: unknown, ...args: unknown[]) {
      const scope = currentScope();
      if (scope === undefined) return original.apply(this, args);
      return runFrom(scope.budget.take(watched), () => original.apply(this, args));
    },
  }[name] as Method;
  methods[name] = watched;
  return () => {
    if (methods[name] === watched) methods[name] = original;
  };
}

export const originWatch: Watch = {
  install() {
    const undo = [
      watchMethod(net.Server.prototype, "listen"),
      watchMethod(fs, "createReadStream"),
      watchMethod(fs, "createWriteStream"),
    ];
    syncBuiltinESMExports();
    return () => {
      for (const revert of undo) revert();
      syncBuiltinESMExports();
    };
  },
};
