/**
 * The room that reads and writes profiles, loaded with the first of them: what is loaded into the
 * process that is observed is part of the heap that each task profile walks.
 */
export function loadProfileRoom(): Promise<typeof import("@watertight/profile")> {
  return import("@watertight/profile");
}
