/**
 * What the programs talk to: an HTTP server and a TCP server in a process of their own, so that
 * a capture of a program holds the program alone. Says `listening URL TCP_PORT`; ends with its input.
 */
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";

/** Large enough that no socket buffer swallows it: an unread body keeps its connection. */
const LARGE = Buffer.alloc(4 * 1024 * 1024, "a line of a large answer\n");

const routes: Record<string, (response: ServerResponse) => void> = {
  "/small": (response) => response.setHeader("content-type", "application/json").end('{"ok":true}'),
  "/large": (response) => response.end(LARGE),
  "/missing": (response) => response.writeHead(404).end(LARGE),
  "/hang": () => undefined,
  "/events": (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const timer = setInterval(() => response.write("data: tick\n\n"), 20);
    response.once("close", () => clearInterval(timer));
  },
};

const http = createServer((request, response) => {
  const path = request.url?.split("?", 1)[0] ?? "";
  response.on("error", () => undefined);
  const route = routes[path] ?? routes["/missing"];
  route?.(response);
});
http.keepAliveTimeout = 60_000;
http.requestTimeout = 0;
const tcp = createTcpServer((socket) => {
  socket.on("error", () => socket.destroy()).resume();
});

http.listen(0, "127.0.0.1", () =>
  tcp.listen(0, "127.0.0.1", () => {
    const portOf = (server: typeof tcp): number => (server.address() as AddressInfo).port;
    process.stdout.write(`listening http://127.0.0.1:${portOf(http)} ${portOf(tcp)}\n`);
  }),
);
process.stdin.on("end", () => process.exit()).resume();
