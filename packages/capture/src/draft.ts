import type { CaptureRecord } from "./capture-record.ts";
import { CaptureError, type CaptureProblem } from "./errors.ts";
import type { PprofService } from "./probe.ts";
import type { RawFiles } from "./raw-files.ts";
import type { CaptureSession } from "./session.ts";

type Parts = Pick<
  CaptureRecord,
  | "runtimeVersion"
  | "goroutines"
  | "leaked"
  | "heap"
  | "allocs"
  | "cpu"
  | "spawns"
  | "threads"
  | "requestsServed"
>;

/** A capture while it is being taken. */
export class CaptureDraft {
  readonly session: CaptureSession;
  readonly service: PprofService;
  readonly rawFiles: RawFiles | undefined;
  readonly #atMs: number;
  readonly #notes: string[];
  readonly #problems: CaptureProblem[] = [];
  readonly #raw: Record<string, string> = {};
  #parts: Parts = {};
  #firstFailure: CaptureError | undefined;

  constructor(session: CaptureSession, service: PprofService, rawFiles: RawFiles | undefined) {
    this.session = session;
    this.service = service;
    this.rawFiles = rawFiles;
    this.#atMs = session.clock.now();
    this.#notes = [...service.connection.notes];
  }

  get parts(): Parts {
    return this.#parts;
  }

  /** Adds parts that arrived. */
  add(parts: Parts): void {
    this.#parts = { ...this.#parts, ...parts };
  }

  note(sentence: string): void {
    if (!this.#notes.includes(sentence)) this.#notes.push(sentence);
  }

  /** Records that something did not arrive whole. */
  fail(failure: CaptureError): void {
    this.#firstFailure ??= failure;
    this.#problems.push(failure.problem);
  }

  /** Runs one step; its coded failure becomes a problem of the record instead of its end. */
  async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (fault) {
      if (!(fault instanceof CaptureError)) throw fault;
      this.fail(fault);
      if (fault.code === "WT_CAPTURE_ABORTED") throw fault;
    }
  }

  /** Keeps a whole body under a name, when raw files are wanted. */
  async keepRaw(name: string, body: Uint8Array): Promise<void> {
    const file = await this.rawFiles?.open(name);
    await file?.write(body);
    this.nameRaw(name, await file?.commit());
  }

  nameRaw(name: string, path: string | undefined): void {
    if (path !== undefined) this.#raw[name] = path;
  }

  /** @throws {CaptureError} the first failure, when nothing at all arrived */
  finish(): CaptureRecord {
    const { service } = this;
    const arrived = Object.keys(this.#parts).length + Object.keys(this.#raw).length;
    if (arrived === 0 && this.#firstFailure) throw this.#firstFailure;
    const version = this.#parts.runtimeVersion ?? service.runtimeVersion;
    return {
      atMs: this.#atMs,
      target: service.display,
      runtime: this.#parts.goroutines?.runtime ?? service.runtime,
      ...this.#parts,
      ...(version === undefined ? {} : { runtimeVersion: version }),
      notes: this.#notes,
      problems: this.#problems,
      raw: this.#raw,
      bytes: this.session.bytes,
    };
  }
}
