/**
 * A gRPC client stream that is neither read to its end nor cancelled keeps a goroutine that watches its context.
 *
 * Looks alike: streams that are being read: each has a goroutine in `RecvMsg`.
 */
import { countWorkers } from "../view/body-count.ts";
import type { Rule } from "./rule.ts";
import { frameOf, stackEvidence } from "../evidence.ts";

const STREAM = /^google\.golang\.org\/grpc\.newClientStreamWithParams\.func\d+$/;

export const grpcStream: Rule = {
  cause: "grpc-stream",
  fix: {
    summary: "Give each stream a context that you cancel, or read it until io.EOF.",
    example: `// before
stream, err := client.Watch(context.Background(), req)
first, err := stream.Recv()
return first, err // the stream stays open

// after
ctx, cancel := context.WithCancel(ctx)
defer cancel()
stream, err := client.Watch(ctx, req)`,
  },
  match(view, dump) {
    const site = frameOf(view, STREAM);
    if (site === undefined || view.wait !== "select") return undefined;
    const open = view.group.count;
    const users = countWorkers(dump);
    return {
      title: "gRPC client streams stay open",
      patience: open > users ? "forgotten" : "capacity",
      countMin: open > users ? users + 5 : open + 1,
      site,
      evidence: [
        stackEvidence(
          view,
          `${open} client streams are open on ${dump.countInside("google.golang.org/grpc/internal/transport.(*controlBuffer).get")} connection writers; ${users} goroutines in the service's own code could be using one.`,
        ),
      ],
    };
  },
};
