/** Black box: what a load leaves behind in a service that serves pprof, Go or Node. */
import type { CaptureBudget, CaptureOptions } from "@watertight/capture";

/** Options of {@link verifyService}; those of the connection (token, headers, TLS) as in a capture. */
export interface VerifyServiceOptions extends Omit<CaptureOptions, "rawFiles"> {
  /** How long the service may take to come to rest after the load; 5,000 by default. */
  readonly settleMs?: number;
  /** Runs the load once before the baseline, for pools and caches to fill; on by default. */
  readonly warmUp?: "once" | "none";
  /** What stays although nobody leaks it: as many of one kind pass; 0 by default. */
  readonly surplusMax?: number;
  readonly budget?: Partial<CaptureBudget>;
}

/**
 * Captures a service, runs a load, lets it come to rest and captures again.
 *
 * @param url where its pprof is served, as for `watertight inspect`
 * @param load sends requests and waits for their answers
 * @returns what stays behind is thrown, so nothing
 * @throws {LeakError} when work of the service itself stays behind
 * @throws {CaptureError} when the service cannot be captured
 */
export async function verifyService(
  url: string,
  load: () => unknown,
  options: VerifyServiceOptions = {},
): Promise<void> {
  // What captures and diagnoses is loaded by those tests only that ask for it.
  const { checkService } = await import("./check-service.ts");
  await checkService(url, load, options);
}
