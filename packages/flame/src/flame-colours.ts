/** The palette. Pages run these functions too, so they lean on nothing else. */

/** `#rrggbb` of a hue in degrees, saturation and lightness in percent: every SVG viewer reads that. */
function hexOf(hue: number, saturation: number, lightness: number): string {
  const chroma = (saturation / 100) * Math.min(lightness / 100, 1 - lightness / 100);
  const channel = (offset: number): string => {
    const at = (offset + hue / 30) % 12;
    const level = lightness / 100 - chroma * Math.max(-1, Math.min(at - 3, 9 - at, 1));
    return Math.round(255 * level)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** Fill by origin (0 app, 1 dependency, 2 std, 3 runtime) and package tint (0 to 1). */
export function originColour(origin: number, tint: number, scheme: "light" | "dark"): string {
  const dim = scheme === "dark" ? -8 : 0;
  if (origin === 0) return hexOf(10 + 34 * tint, 86, 69 + 4 * tint + dim);
  if (origin === 1) return hexOf(150 + 34 * tint, 38, 67 + 6 * tint + dim);
  if (origin === 2) return hexOf(204 + 22 * tint, 46, 77 + 4 * tint + dim);
  return hexOf(225, 12, 81 + 4 * tint + dim);
}

/** Red where a stack grew, blue where it shrank, as strongly as its share of change. */
export function diffColour(before: number, after: number, scheme: "light" | "dark"): string {
  const change = (after - before) / Math.max(before, after, Number.MIN_VALUE);
  const strength = Math.sqrt(Math.min(1, Math.abs(change)));
  const neutral = scheme === "dark" ? 66 : 88;
  if (strength < 0.1) return hexOf(225, 8, neutral);
  const lightness = neutral - strength * (neutral - 62);
  return hexOf(change > 0 ? 6 : 214, 40 + 45 * strength, lightness);
}

/** What a page needs in order to colour. */
export const COLOURING: readonly ((...args: never[]) => unknown)[] = [
  hexOf,
  originColour,
  diffColour,
];
