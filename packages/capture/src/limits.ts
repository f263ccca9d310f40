/** How long and how large one HTTP exchange may become, whatever the target does. */
export interface ExchangeLimits {
  /** Name lookup, TCP and TLS handshakes. */
  readonly connectMs: number;
  /** From the request being sent to the end of the response's headers. */
  readonly headerMs: number;
  /** The longest silence inside a body. */
  readonly idleMs: number;
  /** The whole exchange, redirects included. */
  readonly totalMs: number;
  /** Bytes of body on the wire. */
  readonly wireBytesMax: number;
  /** Bytes of body after `Content-Encoding` or a profile's own gzip is undone. */
  readonly inflatedBytesMax: number;
  readonly headerBytesMax: number;
  readonly redirectsMax: number;
}

const MIB = 1024 * 1024;

/** Every default of {@link ExchangeLimits}. A capture lowers `totalMs` and `wireBytesMax` to its budget. */
export const DEFAULT_EXCHANGE_LIMITS: ExchangeLimits = {
  connectMs: 5_000,
  headerMs: 30_000,
  idleMs: 15_000,
  totalMs: 60_000,
  wireBytesMax: 256 * MIB,
  inflatedBytesMax: 512 * MIB,
  headerBytesMax: 32 * 1024,
  redirectsMax: 3,
};
