/** The worst there is for the testkit: tests of nothing but awaits. */
import { test } from "vitest";

const TESTS = 100;
const AWAITS = 2_000;

for (let number = 0; number < TESTS; number += 1) {
  test(`microtasks ${number}`, async () => {
    for (let round = 0; round < AWAITS; round += 1) await Promise.resolve();
  });
}
