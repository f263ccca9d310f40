/**
 * A goroutine that is stuck and locked to its OS thread keeps the thread too.
 *
 * Looks alike: `main` or one worker that is bound to its thread on purpose (a window system, a network namespace).
 */
import type { Rule } from "./rule.ts";
import { stackEvidence } from "../evidence.ts";

export const lockedThread: Rule = {
  cause: "locked-thread",
  fix: {
    summary: "Unlock the thread before waiting, and make the goroutine end.",
    example: `// before
go func() {
	runtime.LockOSThread()
	<-done // never comes: the thread is lost as well
}()

// after
go func() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	select {
	case <-done:
	case <-ctx.Done():
	}
}()`,
  },
  match(view) {
    const locked = view.group.lockedToThread;
    if (locked === 0 || view.siteIndex < 0 || view.isMain || view.wait === "moving")
      return undefined;
    return {
      title: "Stuck goroutines hold an OS thread each",
      patience: view.wait === "chan send" || view.wait === "mutex" ? "never-idle" : "may-idle",
      evidence: [
        stackEvidence(
          view,
          `${locked} goroutines wait (${view.group.state}) and are locked to a thread: each keeps one from the scheduler.`,
        ),
      ],
    };
  },
};
