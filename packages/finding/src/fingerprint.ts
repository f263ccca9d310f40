/**
 * The fingerprint: the identity of a leak, so that two runs, two hosts and two
 * builds agree that they saw the same one. Line numbers, folders and the numbers
 * that the compiler gives to closures all move when unrelated code is edited, so
 * none of them counts.
 */
import type { Frame } from "./finding.ts";

/** What identifies a leak: why it leaks, where it is stuck, what started it. */
export interface LeakIdentity {
  readonly cause: string;
  readonly site?: Frame | undefined;
  readonly creator?: Frame | undefined;
}

/**
 * A function's name without what a compiler numbers: `api.(*S).Get.func2.1` and
 * `api.(*S).Get.func1` are both `api.(*S).Get.func`; `gowrap`, `deferwrap` and
 * range-over-func bodies likewise; type arguments are dropped.
 */
export function normaliseFunctionName(name: string): string {
  return dropTypeArguments(name)
    .replaceAll(/\.(func|gowrap|deferwrap)\d+(?:\.\d+)*(?![\w])/g, ".$1")
    .replaceAll(/-range\d+/g, "-range")
    .replace(/-fm$/, "")
    .replaceAll(/(?:\.func){2,}(?!\w)/g, ".func");
}

/** Drops `[…]` with what is nested in it; an unbalanced bracket drops the rest. */
function dropTypeArguments(name: string): string {
  if (!name.includes("[")) return name;
  let kept = "";
  let depth = 0;
  for (const character of name) {
    if (character === "[") depth += 1;
    if (depth === 0) kept += character;
    if (character === "]" && depth > 0) depth -= 1;
  }
  return kept;
}

/** The last part of a path with `/` or `\` separators. */
export function fileBaseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/**
 * The fingerprint of a leak: 16 hexadecimal digits, FNV-1a 64 over cause, normalised
 * function names and file base names, separated by NUL.
 * Two closures of one function that leak for the same cause share it; see `distinguishFindings`.
 */
export function fingerprintFinding(identity: LeakIdentity): string {
  const parts = [identity.cause, ...framePart(identity.site), ...framePart(identity.creator)];
  return fnv1a64(parts.join("\0")).toString(16).padStart(16, "0");
}

function framePart(frame: Frame | undefined): readonly [string, string] {
  if (frame === undefined) return ["", ""];
  return [normaliseFunctionName(frame.function), fileBaseName(frame.file)];
}

const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** FNV-1a, 64 bit, over the UTF-8 bytes of a text. Source: RFC 9923. */
export function fnv1a64(text: string): bigint {
  let hash = OFFSET_BASIS;
  for (const character of text) {
    for (const byte of utf8Bytes(character.codePointAt(0) as number)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
    }
  }
  return hash;
}

function utf8Bytes(codePoint: number): readonly number[] {
  if (codePoint < 0x80) return [codePoint];
  const last = 0x80 | (codePoint & 0x3f);
  if (codePoint < 0x800) return [0xc0 | (codePoint >> 6), last];
  const middle = 0x80 | ((codePoint >> 6) & 0x3f);
  if (codePoint < 0x10000) return [0xe0 | (codePoint >> 12), middle, last];
  return [0xf0 | (codePoint >> 18), 0x80 | ((codePoint >> 12) & 0x3f), middle, last];
}
