import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** A client that goes away after its first chunk. */
function impatientClient(): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      setImmediate(() => this.destroy());
      setTimeout(done, 5);
    },
  });
}

function send(path: string, client: Writable): Promise<void> {
  const file = createReadStream(path); // leak: stuck here
  if (path === "") return pipeline(file, client);
  file.pipe(client);
  return new Promise((resolve) => client.on("close", resolve));
}

export async function request(): Promise<void> {
  await send(process.execPath, impatientClient()).catch(() => undefined); // leak: started here
}
