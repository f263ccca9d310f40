/**
 * The one inspector session of this thread. It stays open once it was needed: closing any session
 * makes V8 forget the ids of all heap objects, and with them which task of one profile is which
 * of the next.
 */
import type { InspectorSession } from "@watertight/capture/in-process";
import { openInProcessSession } from "./in-process-session.ts";

let session: InspectorSession | undefined;

/** The session, opened with the first call. */
export function ownSession(): InspectorSession {
  session ??= openInProcessSession("own");
  return session;
}
