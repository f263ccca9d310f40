import { describeProfileProblem, ProfileError } from "../errors.ts";

/** Bytes of JSON that an importer parses at once; the files of V8's samplers are far smaller. */
const JSON_BYTES_MAX: number = 512 * 1024 * 1024;

/** Parses a whole file of JSON; a {@link ProfileError} with the offset where it breaks. */
export function readJson(bytes: Uint8Array, what: string): unknown {
  if (bytes.length > JSON_BYTES_MAX) {
    throw new ProfileError(
      describeProfileProblem(
        "WT_PROFILE_LIMIT",
        JSON_BYTES_MAX,
        `${bytes.length} bytes of ${what}`,
      ),
    );
  }
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    const offset = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
    const isCut = offset >= text.length || /end of JSON|Unterminated/i.test(String(error));
    throw new ProfileError(
      describeProfileProblem(
        isCut ? "WT_PROFILE_TRUNCATED" : "WT_PROFILE_CORRUPT",
        Math.min(offset, bytes.length),
        what,
      ),
    );
  }
}
