// A server that answers in rounds: between them it holds what comes. Told `{ count }`, it answers so
// many requests to settle and so many more, and tells the CPU time of its thread for each of those.
import { createServer } from "node:http";

const held = [];
let left = 0;
let settling = 0;
let before;
let count = 0;

const handlers = {
  nothing: (_, response) => response.end("ok"),
  // A dozen allocations of some 3 KiB in all, as a service that handles bodies makes them.
  buffers(request, response) {
    const parts = Array.from({ length: 4 }, (_, part) =>
      Buffer.from(`{"part":${part}}`.repeat(20)),
    );
    const body = Buffer.concat(parts);
    const copy = Buffer.from(body.toString("base64"), "base64");
    const frame = Buffer.allocUnsafe(copy.length + 8);
    frame.writeUInt32BE(copy.length);
    copy.copy(frame, 8);
    const digest = new Uint8Array(frame).subarray(0, 64).slice();
    response.end(Buffer.from(digest).toString("hex") + request.url);
  },
};
const handle = handlers[process.argv[2]];

function answer(request, response) {
  handle(request, response);
  if (settling > 0) {
    if (--settling === 0) before = process.threadCpuUsage();
    return;
  }
  if (--left > 0) return;
  const { user, system } = process.threadCpuUsage(before);
  process.send({ micros: (user + system) / count });
}

const server = createServer((request, response) => {
  if (left > 0) answer(request, response);
  else held.push([request, response]);
});
process.on("message", (told) => {
  count = left = told.count;
  settling = told.count / 2;
  for (const [request, response] of held.splice(0)) answer(request, response);
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
