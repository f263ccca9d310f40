// Keeps a local HTTP server busy: `node http-load.mjs PORT AT_ONCE CONNECTIONS`, so many requests
// on the way at any time over each of so many connections.
import { connect } from "node:net";

const [port, atOnce = 16, connections = 1] = process.argv.slice(2).map(Number);
const REQUEST = "GET /orders/42?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";

for (let connection = 0; connection < connections; connection++) {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  socket.setEncoding("latin1");
  socket.write(REQUEST.repeat(atOnce));
  let rest = "";
  socket.on("data", (text) => {
    const parts = (rest + text).split("HTTP/1.1 200");
    rest = (parts.at(-1) ?? "").slice(-12);
    const answers = parts.length - 1;
    if (answers > 0) socket.write(REQUEST.repeat(answers));
  });
  socket.on("close", () => process.exit());
  socket.on("error", () => process.exit());
}
