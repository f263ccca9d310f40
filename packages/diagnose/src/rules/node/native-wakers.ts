/** What Node's native objects stand for, in words for people. */

/** Names that only Node's own objects have. */
const NATIVES: readonly (readonly [name: RegExp, words: string])[] = [
  [/^TCP\w*Wrap$/, "a TCP socket"],
  [/^TLSWrap$/, "a TLS socket"],
  [/^Pipe\w*Wrap$/, "a pipe"],
  [/^(?:UDPWrap|SendWrap)$/, "a UDP socket"],
  [/^TTYWrap$/, "a terminal"],
  [/^ProcessWrap$/, "a child process"],
  [/^(?:FSReq(?:Callback|Promise|Base|Wrap)|ReadFileContext)$/, "a file system request"],
  [/^(?:FSEvent(?:Wrap)?|StatWatcher)$/, "a file watcher"],
  [/^(?:Get(?:Addr|Name)InfoReqWrap|Query\w*Wrap|ChannelWrap)$/, "a DNS lookup"],
  [/^HTTPParser$/, "an HTTP connection"],
  [/^Http2(?:Session|Stream)$/, "an HTTP/2 connection"],
  [
    /^(?:PBKDF2|Scrypt|RandomBytes|RandomPrime|Hash|HKDF|Sign|\w*KeyGen|\w*KeyPairGen)Job$/,
    "a crypto job",
  ],
  [/^(?:Zlib|BrotliEncoder|BrotliDecoder|ZstdCompress|ZstdDecompress)$/, "a compression job"],
  [/^(?:ShutdownWrap|WriteWrap)$/, "a write to a stream"],
];

/** Names that a class of the program may have as well: the property says that these are Node's. */
const SHARED_NAMES: Readonly<Record<string, string>> = {
  TCP: "a TCP socket",
  Pipe: "a pipe",
  UDP: "a UDP socket",
  TTY: "a terminal",
  Process: "a child process",
  Worker: "a worker thread",
  Signal: "a signal of the operating system",
};
const OF_NATIVES = /^(?:<symbol (?:owner_symbol|kOwner)>|onexit|onread|onconnection|onsignal)$/;

/** The words for a native object that is held by its name and the property that leads on; none for what is no such. */
export function nameNative(holder: string, through: string): string | undefined {
  const name = holder.replace(/^Node \/ /, "");
  if (OF_NATIVES.test(through) && Object.hasOwn(SHARED_NAMES, name)) return SHARED_NAMES[name];
  return NATIVES.find(([pattern]) => pattern.test(name))?.[1];
}

/** What Node itself puts around a native object, and what that makes of it; empty where the native's words say it. */
const WRAPPERS: Readonly<Record<string, string>> = {
  Socket: "",
  TLSSocket: "a TLS socket",
  Server: "a server",
  ChildProcess: "",
  Worker: "",
  ClientRequest: "an HTTP request",
  ReadStream: "",
  WriteStream: "",
};

/** The words for a native object and the object of Node's around it; none where that is the program's own. */
export function nameWrapped(native: string, wrapper: string): string | undefined {
  if (!Object.hasOwn(WRAPPERS, wrapper)) return undefined;
  return WRAPPERS[wrapper] || native;
}
