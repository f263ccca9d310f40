/**
 * Goroutines queue at a channel because the one that should serve it is stuck itself: a hub whose broadcast waits
 * for a client that no longer reads, say. It is one goroutine that has always been there, so no rule would report
 * it; but it is where all the others' trouble begins.
 *
 * Who serves a channel is not in a dump. The source says it: the stuck one's function receives from the field that
 * the others send on, or sends on the one that they receive from.
 */
import type { Evidence } from "@watertight/finding";
import type { JudgedCase, MatchedCase } from "./build-finding.ts";
import { describeFrame } from "./evidence.ts";
import { fieldOf, usesField } from "./source/channel-use.ts";
import type { DumpView } from "./view/dump-view.ts";
import type { GroupView } from "./view/group-view.ts";
import { sendSourceOf, sourceAt, waitSourceOf } from "./view/wait-source.ts";

/** How the evidence of those that queue begins. */
export const PEER_STUCK = "Who should serve them is stuck itself: ";

/** Adds the stuck peers of those that were found, and says at those who they wait for. */
export function findStalledPeers(
  cases: readonly MatchedCase[],
  found: readonly JudgedCase[],
  dump: DumpView,
): readonly JudgedCase[] {
  if (dump.readSource === undefined) return found;
  const known = new Map(found.map((judged) => [judged.view, judged]));
  const peers = new Map<MatchedCase, number>();
  const explained = found.map((queue) => {
    const peer = cases.find((candidate) => isStalledPeer(candidate, queue, dump));
    if (peer === undefined) return queue;
    if (!known.has(peer.view)) peers.set(peer, (peers.get(peer) ?? 0) + queue.view.group.count);
    const { verdict } = queue;
    const evidence = [...verdict.evidence, describePeer(peer.view)];
    return Object.assign({}, queue, { verdict: Object.assign({}, verdict, { evidence }) });
  });
  return [...explained, ...[...peers].map(([peer, queue]) => blame(peer, queue))];
}

function isStalledPeer(peer: MatchedCase, { view: queue }: JudgedCase, dump: DumpView): boolean {
  const { view, series, match } = peer;
  if (view === queue || match.patience === "may-idle" || view.wait === "select") return false;
  // Fewer than queue for it: where many serve and are stuck, they are a leak of their own.
  if (view.group.count >= queue.group.count) return false;
  if (series !== undefined && series.verdict !== "persisting" && series.verdict !== "growing")
    return false;
  const source = sourceAt(view, dump);
  if (source === undefined) return false;
  return listChannels(queue, dump).some((channel) =>
    usesField(source.text, source.frame.line, channel),
  );
}

/** Fields that a group waits at, with what its peer would have to do to them. */
function listChannels(
  view: GroupView,
  dump: DumpView,
): readonly { readonly field: string; readonly use: "receive" | "send" }[] {
  const sent = fieldOf(sendSourceOf(view, dump)?.channel ?? "");
  if (sent !== undefined) return [{ field: sent, use: "receive" }];
  if (view.wait !== "chan receive") return [];
  return (waitSourceOf(view, dump)?.awaited ?? []).flatMap(({ expression }) => {
    const field = fieldOf(expression);
    return field === undefined ? [] : [{ field, use: "send" as const }];
  });
}

function describePeer({ site, group }: GroupView): Evidence {
  const frame = site ?? group.frames[0];
  const place = frame === undefined ? "" : describeFrame(frame);
  return { text: `${PEER_STUCK}${group.state} at ${place}.`, frames: group.frames };
}

function blame(peer: MatchedCase, queue: number): JudgedCase {
  return Object.assign({}, peer, {
    verdict: {
      certainty: "likely" as const,
      confidence: 0.9,
      evidence: [
        {
          text: `${queue} goroutines wait for it to serve their channel, which it does not while it is stuck here.`,
        },
      ],
    },
  });
}
