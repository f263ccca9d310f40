/**
 * A conversation with a V8 inspector, wherever it is: in the same process through
 * `node:inspector`, or in another one over its WebSocket. Everything that reads tasks is
 * written against this.
 */
export interface InspectorSession {
  /** Calls a method of the Chrome DevTools Protocol. Rejects with the inspector's own message. */
  post<T = unknown>(method: string, params?: object): Promise<T>;
  /** Calls `listener` with the params of every event of a name; the result stops that. */
  on(event: string, listener: (params: never) => void): () => void;
  /** Leaves the process as it was found. */
  close(): Promise<void>;
}
