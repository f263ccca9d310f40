/** A bounded folder of captures, kept by `watch` and read back by `readCaptures`. */
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { CaptureRecord } from "./capture-record.ts";
import { CaptureError } from "./errors.ts";
import { describeFault, readFaultCode } from "./fault.ts";
import { formatStamp, readStamp } from "./moment-name.ts";
import { encodeMomentNote } from "./moment-note.ts";
import type { RawFile, RawFiles } from "./raw-files.ts";

/** How large the folder may become. At a bound the oldest moments are dropped. */
export interface CaptureFolderLimits {
  /** Default 1 GiB. */
  readonly bytesMax: number;
  /** Default 1,000. */
  readonly filesMax: number;
}

/** Every default of {@link CaptureFolderLimits}. */
export const CAPTURE_FOLDER_LIMITS: CaptureFolderLimits = {
  bytesMax: 1024 ** 3,
  filesMax: 1_000,
};

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const PARTIAL = /^\..+\.(\d+)\.partial$/;

interface KeptFile {
  readonly name: string;
  readonly stamp: string;
  readonly bytes: number;
}

/**
 * A folder of captures. Only files that it named itself are ever counted or dropped; each
 * appears whole or not at all, readable by its owner alone.
 */
export class CaptureFolder {
  readonly path: string;
  readonly limits: CaptureFolderLimits;

  private constructor(path: string, limits: CaptureFolderLimits) {
    this.path = path;
    this.limits = limits;
  }

  /**
   * Opens a folder, making it when it is not there, and clears what a process that died left
   * half-written.
   *
   * @throws {CaptureError} `WT_CAPTURE_STORE_FAILED`, `WT_CAPTURE_OPTION_INVALID`
   */
  static async open(
    path: string,
    limits: Partial<CaptureFolderLimits> = {},
  ): Promise<CaptureFolder> {
    for (const [name, value] of Object.entries(limits)) {
      if (!(value > 0)) {
        throw new CaptureError("WT_CAPTURE_OPTION_INVALID", `${name} must be above 0`);
      }
    }
    const folder = new CaptureFolder(path, { ...CAPTURE_FOLDER_LIMITS, ...limits });
    await store(async () => {
      await makeFolder(resolve(path));
      await folder.#clearPartials();
    });
    return folder;
  }

  /** Begins the files of one capture. @param atMs milliseconds since 1970 */
  startMoment(atMs: number): CaptureMoment {
    return new CaptureMoment(this, formatStamp(atMs));
  }

  /** Drops the oldest moments until the folder is within its bounds; the newest one stays. */
  async trim(): Promise<void> {
    await store(async () => {
      const files = await this.#list();
      let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      let count = files.length;
      const newest = files.at(-1)?.stamp;
      let dropped: string | undefined;
      for (const file of files) {
        const isWithin = bytes <= this.limits.bytesMax && count <= this.limits.filesMax;
        if ((isWithin && file.stamp !== dropped) || file.stamp === newest) break;
        dropped = file.stamp;
        await rm(join(this.path, file.name), { force: true });
        bytes -= file.bytes;
        count--;
      }
    });
  }

  /** Own files, oldest first. */
  async #list(): Promise<readonly KeptFile[]> {
    const files: KeptFile[] = [];
    for (const name of (await readdir(this.path)).toSorted()) {
      const stamp = readStamp(name);
      if (stamp === undefined) continue;
      const stats = await stat(join(this.path, name)).catch(() => undefined);
      if (stats?.isFile()) files.push({ name, stamp, bytes: stats.size });
    }
    return files;
  }

  async #clearPartials(): Promise<void> {
    for (const name of await readdir(this.path)) {
      const pid = Number(PARTIAL.exec(name)?.[1] ?? Number.NaN);
      if (!Number.isNaN(pid) && pid !== process.pid && !isRunning(pid)) {
        await rm(join(this.path, name), { force: true });
      }
    }
  }
}

/** The files of one capture. */
export class CaptureMoment implements RawFiles {
  readonly stamp: string;
  readonly #folder: CaptureFolder;
  readonly #committed: string[] = [];
  #bytes = 0;

  constructor(folder: CaptureFolder, stamp: string) {
    this.#folder = folder;
    this.stamp = stamp;
  }

  /** @throws {CaptureError} `WT_CAPTURE_STORE_FAILED` */
  async open(name: string): Promise<RawFile> {
    const path = join(this.#folder.path, `${this.stamp}.${name}`);
    const partial = join(this.#folder.path, `.${this.stamp}.${name}.${process.pid}.partial`);
    const handle = await store(() => open(partial, "w", FILE_MODE));
    return new PartialFile(handle, partial, path, (bytes) => this.#claim(bytes), this.#committed);
  }

  /** Writes what no raw body holds (target, version, counters, notes), then trims the folder. */
  async finish(record: CaptureRecord): Promise<void> {
    const file = await this.open("meta.json");
    await file.write(encodeMomentNote(record));
    await file.commit();
    await this.#folder.trim();
  }

  /** Forgets this capture: removes what was committed of it. */
  async discard(): Promise<void> {
    await store(async () => {
      for (const path of this.#committed.splice(0)) await rm(path, { force: true });
    });
  }

  /** One moment alone may fill the folder, but not more. */
  #claim(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#bytes <= this.#folder.limits.bytesMax;
  }
}

class PartialFile implements RawFile {
  readonly #handle: FileHandle;
  readonly #partial: string;
  readonly #path: string;
  readonly #claim: (bytes: number) => boolean;
  readonly #committed: string[];
  #failure: CaptureError | undefined;

  constructor(
    handle: FileHandle,
    partial: string,
    path: string,
    claim: (bytes: number) => boolean,
    committed: string[],
  ) {
    this.#handle = handle;
    this.#partial = partial;
    this.#path = path;
    this.#claim = claim;
    this.#committed = committed;
  }

  /** A full disk must not end a capture that is being decoded: commit tells of it. */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.#failure) return;
    if (!this.#claim(chunk.length)) {
      const what = "the capture is larger than the folder may become";
      this.#failure = new CaptureError("WT_CAPTURE_STORE_FAILED", what);
      return;
    }
    try {
      await this.#handle.writeFile(chunk);
    } catch (fault) {
      this.#failure = new CaptureError("WT_CAPTURE_STORE_FAILED", describeFault(fault));
    }
  }

  async commit(): Promise<string> {
    if (this.#failure) {
      await this.discard();
      throw this.#failure;
    }
    await store(async () => {
      await this.#handle.close();
      await rename(this.#partial, this.#path);
    });
    this.#committed.push(this.#path);
    return this.#path;
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#partial, { force: true }).catch(() => undefined);
  }
}

async function store<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    if (fault instanceof CaptureError) throw fault;
    throw new CaptureError("WT_CAPTURE_STORE_FAILED", describeFault(fault));
  }
}

/** As `mkdir -p`, which in Node never ends below /proc. */
async function makeFolder(path: string): Promise<void> {
  const make = async (): Promise<string | undefined> => {
    try {
      await mkdir(path, { mode: FOLDER_MODE });
      return undefined;
    } catch (fault) {
      const code = readFaultCode(fault);
      if (code === "ENOENT") return code;
      if (code === "EEXIST" && (await stat(path)).isDirectory()) return undefined;
      throw fault;
    }
  };
  if ((await make()) === undefined) return;
  await makeFolder(dirname(path));
  if ((await make()) !== undefined) throw new Error(`${path} cannot be made`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return readFaultCode(fault) === "EPERM";
  }
}
