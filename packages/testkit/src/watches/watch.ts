/** What one watch does: it is switched on while any scope is open. */
export interface Watch {
  /** Begins recording. @returns ends it and leaves everything as it was found */
  install(): () => void;
}
