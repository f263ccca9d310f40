/**
 * What is longer than the house allows, with the length it may have. The list may only
 * shrink: a decoder's inner loop is worth its length, most other things are not.
 */

/** Path → lines. */
export const longFiles: Readonly<Record<string, number>> = {};

/** `path functionName` → lines. */
export const longFunctions: Readonly<Record<string, number>> = {};
