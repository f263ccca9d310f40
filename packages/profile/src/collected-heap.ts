/**
 * Whether a heap profile is of what is in use, or of garbage as well. Go's is of the state after the last
 * collection. V8's has everything that no collection has taken yet, which a busy service may hold for minutes:
 * so the profile says in a comment that one went before it.
 */
import type { Profile } from "./profile.ts";

/** The comment. */
export const COLLECTED = "garbage was collected before this profile";

/** The same profile, with the comment. */
export function markCollected(profile: Profile): Profile {
  if (isCollected(profile)) return profile;
  return { ...profile, comments: [...profile.comments, COLLECTED] };
}

/** Whether the profile has the comment. */
export function isCollected({ comments }: Profile): boolean {
  return comments.includes(COLLECTED);
}
