import { expect, test } from "vitest";
import { describeProfileProblem } from "@watertight/profile";

test("a problem names what broke and where", () => {
  const problem = describeProfileProblem("WT_PROFILE_TRUNCATED", 17, "a sample");
  expect(problem.message).toBe("The profile ends in the middle of a sample.");
  expect(problem.offset).toBe(17);
});
