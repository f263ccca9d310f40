/** Reports that the suites of every output share. */
import type { Finding, Report } from "../../src/index.ts";

export const rowsNeverClosed: Finding = {
  id: "9f1c2b7d00a1e3f4",
  cause: "sql-rows",
  kind: "work",
  runtime: "go",
  severity: "critical",
  confidence: 0.97,
  certainty: "likely",
  title: "Rows of a database query are never closed",
  count: 1240,
  unit: "goroutines",
  state: "select",
  site: {
    function: "database/sql.(*Rows).awaitDone",
    file: "/usr/local/go/src/database/sql/sql.go",
    line: 2985,
  },
  creator: {
    function: "example.com/orders/internal/store.(*Orders).List",
    file: "/srv/orders/internal/store/orders.go",
    line: 88,
  },
  growth: { perHour: 148_800, pValue: 0.0021, captures: 4, perRequest: 1.01 },
  ageMinutesMin: 12,
  evidence: [
    {
      text: "1,240 goroutines wait for rows to be closed, and none of the 1,180 of the first capture has gone.",
      frames: [
        {
          function: "database/sql.(*Rows).awaitDone",
          file: "/usr/local/go/src/database/sql/sql.go",
          line: 2985,
        },
        {
          function: "example.com/orders/internal/store.(*Orders).List",
          file: "/srv/orders/internal/store/orders.go",
          line: 88,
        },
      ],
      ids: [34, 78, 91],
    },
    { text: "Each one holds a connection of the pool, whose limit is 50." },
  ],
  fix: {
    summary: "Close the rows of every query, also when scanning fails.",
    example:
      "rows, err := db.QueryContext(ctx, query)\nif err != nil {\n\treturn err\n}\ndefer rows.Close()\n",
    docs: "docs/causes/sql-rows.md",
  },
  effects: ["11aa22bb33cc44dd"],
};

export const poolExhausted: Finding = {
  id: "11aa22bb33cc44dd",
  cause: "sql-pool-exhausted",
  kind: "work",
  runtime: "go",
  severity: "high",
  confidence: 0.9,
  certainty: "likely",
  title: "Requests wait for a database connection",
  count: 310,
  unit: "goroutines",
  state: "select",
  site: { function: "database/sql.(*DB).conn", file: "database/sql/sql.go", line: 1369 },
  evidence: [{ text: "310 requests wait in the pool's queue; no connection came back in 30 s." }],
  fix: {
    summary: "Fix what keeps the connections; raising the limit only delays it.",
    docs: "docs/causes/sql-pool-exhausted.md",
  },
};

export const nilChannel: Finding = {
  id: "0000feedbeef0001",
  cause: "channel-nil",
  kind: "work",
  runtime: "go",
  severity: "medium",
  confidence: 1,
  certainty: "proven",
  title: "A goroutine receives from a nil channel and can never continue",
  count: 1,
  unit: "goroutines",
  state: "chan receive (nil chan)",
  site: {
    function: "example.com/orders/internal/audit.(*Log).drain.func1",
    file: "/srv/orders/internal/audit/log.go",
    line: 17,
  },
  creator: {
    function: "example.com/orders/internal/audit.(*Log).Start",
    file: "/srv/orders/internal/audit/log.go",
    line: 15,
  },
  evidence: [{ text: "The runtime itself says that the channel is nil.", ids: [7] }],
  fix: {
    summary: "Make the channel before the goroutine starts.",
    example: "l.done = make(chan struct{})\ngo l.drain()",
    docs: "docs/causes/channel-nil.md",
  },
};

export const heapGrowth: Finding = {
  id: "77aa00000000cc01",
  cause: "memory-growth",
  kind: "memory",
  runtime: "go",
  severity: "low",
  confidence: 0.6,
  certainty: "suspect",
  title: "The price cache keeps growing",
  count: 1_610_612_736,
  unit: "bytes",
  creator: {
    function: "example.com/orders/internal/price.(*Cache).Put",
    file: "/srv/orders/internal/price/cache.go",
    line: 41,
  },
  growth: { perHour: 104_857_600, pValue: 0.00004, captures: 60 },
  evidence: [{ text: "In-use bytes rose in 58 of 60 captures, and the load did not." }],
  fix: { summary: "Give the cache a bound.", docs: "docs/causes/memory-growth.md" },
};

export const leakyReport: Report = {
  target: "http://127.0.0.1:6060",
  runtime: "go",
  runtimeVersion: "go1.26.8",
  captures: [0, 10, 20, 30].map((second, index) => ({
    at: `2026-03-01T02:59:${String(second).padStart(2, "0")}.000Z`,
    profile: "goroutine",
    total: 11_191 + index * 413,
    covered: 11_191 + index * 413,
    truncated: false,
  })),
  findings: [heapGrowth, poolExhausted, nilChannel, rowsNeverClosed],
  notes: [
    "This Go version has no goroutineleak profile, so nothing could be proven by the runtime.",
  ],
};

export const cleanReport: Report = {
  target: "orders.goroutines.txt",
  runtime: "go",
  captures: [
    {
      at: "2026-03-01T02:59:00.000Z",
      profile: "goroutine",
      total: 600_001,
      covered: 69_895,
      truncated: true,
    },
  ],
  findings: [],
  notes: [],
};
