import { Readable, Transform } from "node:stream";

function createParser(): Transform {
  return new Transform({
    objectMode: true,
    transform(line: string, _encoding, done) {
      if (!line.includes("=")) return done();
      done(null, line.split("="));
    },
  });
}

const imports = new Map<number, Transform>();

async function countRows(source: Transform): Promise<number> {
  let rows = 0;
  for await (const row of source) rows += (row as string[]).length;
  return rows;
}

export async function request(n: number): Promise<void> {
  const parser = Readable.from(["a=1", "broken", "b=2"]).pipe(createParser());
  imports.set(n, parser);
  await countRows(parser);
  imports.delete(n);
}
