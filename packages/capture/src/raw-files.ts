/** Where the raw bytes of a capture are kept, while it is taken. */

/** One raw body being written. */
export interface RawFile {
  /** Resolves when the bytes were taken; the piece is only lent. */
  write(chunk: Uint8Array): Promise<void>;
  /** Keeps the file under its name and says where it is; undefined when a bound forbade it. */
  commit(): Promise<string | undefined>;
  /** Forgets what was written. */
  discard(): Promise<void>;
}

/** Takes the raw bodies of one capture. */
export interface RawFiles {
  /** @param name kind and extension: `goroutine.txt`, `heap.pb.gz`, `trace.bin` */
  open(name: string): Promise<RawFile>;
}
