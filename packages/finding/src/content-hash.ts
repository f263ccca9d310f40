/** Hashes of inline styles and scripts, so that a page may run exactly those. */

/** What of the Web Crypto and Encoding standards is used: both are global in browsers and in Node. */
interface WebPlatform {
  readonly crypto: {
    readonly subtle: { digest(algorithm: "SHA-256", data: Uint8Array): Promise<ArrayBuffer> };
  };
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  btoa(bytes: string): string;
}

/** A CSP source such as `'sha256-…'` for an inline `<style>` or `<script>` with exactly this content. */
export async function hashSource(content: string): Promise<string> {
  const platform = globalThis as unknown as WebPlatform;
  const bytes = new platform.TextEncoder().encode(content);
  const digest = new Uint8Array(await platform.crypto.subtle.digest("SHA-256", bytes));
  return `'sha256-${platform.btoa(String.fromCharCode(...digest))}'`;
}
