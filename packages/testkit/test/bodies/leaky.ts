/** Bodies that leave something, each with the cause and the text of the line that has to be named. */
import { AWAITS } from "./leaky/awaits.ts";
import { CONNECTIONS } from "./leaky/connections.ts";
import { FILES } from "./leaky/files.ts";
import { HAND_OVERS } from "./leaky/hand-overs.ts";
import type { LeakyBody } from "./leaky/leaky-body.ts";
import { LISTENERS } from "./leaky/listeners.ts";
import { TIMERS } from "./leaky/timers.ts";
import { WORKERS } from "./leaky/workers.ts";

export const LEAKY: readonly LeakyBody[] = [
  ...AWAITS,
  ...TIMERS,
  ...CONNECTIONS,
  ...LISTENERS,
  ...FILES,
  ...WORKERS,
  ...HAND_OVERS,
];
