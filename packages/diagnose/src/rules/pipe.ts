/**
 * One end of an `io.Pipe` waits for the other, which has left without closing.
 *
 * Looks alike: a transfer that is under way: the other end is in the dump.
 */
import type { DumpView } from "../view/dump-view.ts";
import type { GroupView } from "../view/group-view.ts";
import type { Rule } from "./rule.ts";
import { stackEvidence } from "../evidence.ts";

const READ = "io.(*pipe).read";
const WRITE = "io.(*pipe).write";

export const pipe: Rule = {
  cause: "pipe",
  fix: {
    summary: "Close both ends on every path: CloseWithError by the writer, Close by the reader.",
    example: `// before
pr, pw := io.Pipe()
go func() { encode(pw); pw.Close() }()
if err := check(); err != nil {
	return err // nobody reads: the writer stays
}

// after
pr, pw := io.Pipe()
defer pr.Close()
go func() { pw.CloseWithError(encode(pw)) }()`,
  },
  match(view, dump) {
    const isWriting = view.functions.includes(WRITE);
    const isReading = view.functions.includes(READ);
    if (view.wait !== "select" || (!isWriting && !isReading)) return undefined;
    const peers = countPeers(view, dump, isWriting ? READ : WRITE);
    return {
      title: `A goroutine ${isWriting ? "writes to" : "reads from"} an io.Pipe whose other end has left`,
      patience: isWriting && peers === 0 ? "never-idle" : "may-idle",
      evidence: [
        stackEvidence(
          view,
          `The goroutine is in ${isWriting ? WRITE : READ}; ${peers} goroutines are at the other end of any pipe.`,
        ),
      ],
    };
  },
};

/** Goroutines in the other end of a pipe; the address of the pipe itself ties them together where it is printed. */
function countPeers(view: GroupView, dump: DumpView, other: string): number {
  return dump
    .groupsInside(other)
    .reduce((sum, peer) => (peer === view ? sum : sum + peer.group.count), 0);
}
