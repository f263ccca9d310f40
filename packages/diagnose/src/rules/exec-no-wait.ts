/**
 * A child process that was started and is never waited for keeps the goroutines that watch its context and copy
 * its output, and stays a zombie when it ends.
 *
 * Looks alike: a child that runs: somebody is in `Cmd.Wait`.
 */
import type { Rule } from "./rule.ts";
import { frameOf, stackEvidence } from "../evidence.ts";

const WATCH =
  /^os\/exec\.\(\*Cmd\)\.(?:watchCtx(?:\.func\d+)?|Start\.func\d+|writerDescriptor\.func\d+)$/;

export const execNoWait: Rule = {
  cause: "exec-no-wait",
  fix: {
    summary: "Call Wait for every Start, or use Run.",
    example: `// before
cmd := exec.CommandContext(ctx, "convert", path)
err := cmd.Start()

// after
cmd := exec.CommandContext(ctx, "convert", path)
err := cmd.Run()`,
  },
  match(view, dump) {
    const site = frameOf(view, WATCH);
    if (site === undefined || view.siteIndex >= 0) return undefined;
    const waiting = dump.countInside("os/exec.(*Cmd).Wait");
    const open = view.group.count;
    return {
      title: "Child processes are started and not waited for",
      patience: open > waiting ? "forgotten" : "capacity",
      countMin: open > waiting ? Math.max(waiting + 5, 5) : open + 1,
      site,
      evidence: [
        stackEvidence(
          view,
          `${open} child processes have a goroutine of os/exec each, and ${waiting} goroutines are in Cmd.Wait.`,
        ),
      ],
    };
  },
};
