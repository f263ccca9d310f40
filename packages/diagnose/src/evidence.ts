/** Sentences that several rules say, with the frames behind them. */
import type { Evidence, Frame } from "@watertight/finding";
import type { GroupView } from "./view/group-view.ts";

/** `main.go:12`, or the whole path where there is no folder. */
export function placeOf(frame: Frame): string {
  const file = frame.file.slice(frame.file.lastIndexOf("/") + 1);
  return frame.line > 0 ? `${file}:${frame.line}` : file;
}

/** `shop.(*Cart).total (cart.go:31)`. */
export function describeFrame(frame: Frame): string {
  return `${frame.function} (${placeOf(frame)})`;
}

/** The stack of a group, leaf first, with up to ten ids to look up. */
export function stackEvidence(view: GroupView, text: string): Evidence {
  const ids = [...view.group.ids.subarray(0, 10)];
  return ids.length === 0
    ? { text, frames: view.group.frames }
    : { text, frames: view.group.frames, ids };
}

/** `at shop.total (cart.go:31)`, or the leaf when no frame is the service's own. */
export function atSite(view: GroupView): string {
  const frame = view.site ?? view.group.frames[0];
  return frame === undefined ? "at an unknown place" : `at ${describeFrame(frame)}`;
}

/** The frame with this function, when the stack has it. */
export function frameOf(view: GroupView, functionName: string | RegExp): Frame | undefined {
  const index = view.functions.findIndex((name) =>
    typeof functionName === "string" ? name === functionName : functionName.test(name),
  );
  return view.group.frames[index];
}

/** True when the stack holds a function that fits. */
export function hasFunction(view: GroupView, functionName: string | RegExp): boolean {
  return frameOf(view, functionName) !== undefined;
}

/** True when nothing but the runtime and the standard library's channel code lies above the service's own frame. */
export function waitsInOwnCode(view: GroupView): boolean {
  return (
    view.siteIndex >= 0 &&
    view.functions.slice(0, view.siteIndex).every((name) => name.startsWith("runtime."))
  );
}
