/**
 * Requests that were never answered and of which nothing is left. An unreachable suspended
 * function is collected like any garbage: its `finally` never runs and no list shows it. One
 * entry for each request, never for each promise, is what that costs to notice.
 */

/** One that vanished. */
export interface VanishedRequest {
  readonly method: string;
  readonly path: string;
  readonly startedMs: number;
}

/** The last so many are kept. */
const LISTED_MAX = 256;

export class VanishedRequests {
  readonly #tokens = new WeakMap<object, object>();
  readonly #listed: VanishedRequest[] = [];
  readonly #registry = new FinalizationRegistry<VanishedRequest>((request) => {
    this.#listed.push(request);
    if (this.#listed.length > LISTED_MAX) this.#listed.shift();
  });

  /** Watches a response, by which alone its request could still be answered. */
  add(
    response: object,
    { method, path }: { readonly method: string; readonly path: string },
  ): void {
    const request = { method, path, startedMs: Date.now() };
    this.#tokens.set(response, request);
    this.#registry.register(response, request, request);
  }

  /** It was answered. */
  remove(response: object): void {
    const token = this.#tokens.get(response);
    if (token) this.#registry.unregister(token);
  }

  list(): readonly VanishedRequest[] {
    return [...this.#listed];
  }
}
