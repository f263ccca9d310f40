/**
 * Every rule, in the order in which they are asked: what is certain by construction first, then what
 * names a library's own frame, then locks, then what is told by the wait alone. The first match names the cause.
 */
import type { Rule } from "./rule.ts";
import { channelNil } from "./channel-nil.ts";
import { channelReceive } from "./channel-receive.ts";
import { channelSend } from "./channel-send.ts";
import { cond } from "./cond.ts";
import { connNoDeadline } from "./conn-no-deadline.ts";
import { contextIgnored } from "./context-ignored.ts";
import { contextNotCancelled } from "./context-not-cancelled.ts";
import { errGroup } from "./errgroup.ts";
import { execNoWait } from "./exec-no-wait.ts";
import { grpcStream } from "./grpc-stream.ts";
import { http2Stream } from "./http2-stream.ts";
import { lockedThread } from "./locked-thread.ts";
import { mutexDoubleLock } from "./mutex-double-lock.ts";
import { mutexHeld } from "./mutex-held.ts";
import { mutexOrder } from "./mutex-order.ts";
import { noClientTimeout } from "./no-client-timeout.ts";
import { onceReentrant } from "./once-reentrant.ts";
import { pipe } from "./pipe.ts";
import { rwMutexRecursive } from "./rwmutex-recursive.ts";
import { selectForever } from "./select-forever.ts";
import { semaphore } from "./semaphore.ts";
import { sqlDbPerRequest } from "./sql-db-per-request.ts";
import { sqlPoolExhausted } from "./sql-pool-exhausted.ts";
import { sqlRows } from "./sql-rows.ts";
import { sqlTx } from "./sql-tx.ts";
import { tickerLoop } from "./ticker-loop.ts";
import { timerLoop } from "./timer-loop.ts";
import { transportPerRequest } from "./transport-per-request.ts";
import { unclosedBody } from "./unclosed-body.ts";
import { waitGroup } from "./waitgroup.ts";

/** The rules, first match wins. */
export const ALL_RULES: readonly Rule[] = [
  channelNil,
  onceReentrant,
  unclosedBody,
  transportPerRequest,
  http2Stream,
  noClientTimeout,
  sqlRows,
  sqlTx,
  sqlPoolExhausted,
  sqlDbPerRequest,
  grpcStream,
  execNoWait,
  pipe,
  mutexOrder,
  rwMutexRecursive,
  mutexDoubleLock,
  mutexHeld,
  errGroup,
  lockedThread,
  semaphore,
  waitGroup,
  cond,
  connNoDeadline,
  contextNotCancelled,
  contextIgnored,
  timerLoop,
  tickerLoop,
  channelSend,
  channelReceive,
  selectForever,
];
