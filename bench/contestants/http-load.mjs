// Keeps one connection to a local HTTP server busy: sixteen requests on the way at any time.
import { connect } from "node:net";

const AT_ONCE = 16;
const REQUEST = "GET /orders/42?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
const socket = connect(Number(process.argv[2]), "127.0.0.1");
socket.setNoDelay(true);
socket.setEncoding("latin1");
socket.write(REQUEST.repeat(AT_ONCE));
let rest = "";
socket.on("data", (text) => {
  const parts = (rest + text).split("HTTP/1.1 200");
  rest = (parts.at(-1) ?? "").slice(-12);
  const answers = parts.length - 1;
  if (answers > 0) socket.write(REQUEST.repeat(answers));
});
socket.on("close", () => process.exit());
socket.on("error", () => process.exit());
