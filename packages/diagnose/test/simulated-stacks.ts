/** Where the goroutines of simulated services wait. */
import type { Stack } from "./simulated-process.ts";

function stack(state: string, creator: string, ...functions: string[]): Stack {
  return { state, functions, creator };
}

export const HANDLER = stack(
  "select",
  "net/http.(*Server).Serve",
  "net/http.(*persistConn).roundTrip",
  "main.(*api).quote",
  "net/http.serverHandler.ServeHTTP",
  "net/http.(*conn).serve",
);
export const WORK = stack("select", "main.(*api).enqueue", "main.(*job).run");
export const IDLE_WORKER = stack("chan receive", "main.(*pool).Start", "main.(*pool).work");
export const BUSY_WORKER = stack(
  "sleep",
  "main.(*pool).Start",
  "time.Sleep",
  "main.(*pool).handle",
  "main.(*pool).work",
);
export const TICKER = stack("select", "main.startMetrics", "main.exportLoop");
export const POLL = stack(
  "select",
  "net/http.(*Server).Serve",
  "main.(*hub).poll",
  "net/http.serverHandler.ServeHTTP",
  "net/http.(*conn).serve",
);
export const TWIN = stack(
  "IO wait",
  "net/http.(*connReader).startBackgroundRead",
  "internal/poll.runtime_pollWait",
  "net.(*conn).Read",
  "net/http.(*connReader).backgroundRead",
);
export const SOCKET_READER = stack(
  "IO wait",
  "net/http.(*Server).Serve",
  "internal/poll.runtime_pollWait",
  "net.(*conn).Read",
  "main.(*hub).readPump",
  "net/http.serverHandler.ServeHTTP",
  "net/http.(*conn).serve",
);
export const SOCKET_WRITER = stack("select", "main.(*hub).serveSocket", "main.(*hub).writePump");
export const IDLE_CONN = stack(
  "IO wait",
  "net/http.(*Server).Serve",
  "internal/poll.runtime_pollWait",
  "net.(*conn).Read",
  "net/http.(*connReader).Read",
  "bufio.(*Reader).Peek",
  "net/http.(*conn).serve",
);
export const READ_LOOP = stack(
  "IO wait",
  "net/http.(*Transport).dialConn",
  "internal/poll.runtime_pollWait",
  "bufio.(*Reader).Peek",
  "net/http.(*persistConn).readLoop",
);
export const WRITE_LOOP = stack(
  "select",
  "net/http.(*Transport).dialConn",
  "net/http.(*persistConn).writeLoop",
);
export const BATCH = stack("chan receive", "main.(*batch).run", "main.(*batch).worker");
export const LEAK = stack("chan send", "main.(*search).query", "main.(*search).query.func1");
export const LEAK_RECEIVE = stack(
  "chan receive",
  "main.(*feed).subscribe",
  "main.(*feed).subscribe.func1",
);
export const LEAK_LOOP = stack("select", "main.(*watch).begin", "main.(*watch).loop");
export const LEAK_LOOP_BUSY = stack(
  "sleep",
  "main.(*watch).begin",
  "time.Sleep",
  "main.(*watch).refresh",
  "main.(*watch).loop",
);
