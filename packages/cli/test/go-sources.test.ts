import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createGoSourceReader } from "../src/go-sources.ts";

const folder = mkdtempSync(join(tmpdir(), "watertight-sources-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "api"));
writeFileSync(join(folder, "api/main.go"), "package main\n");
writeFileSync(join(folder, "secret.txt"), "password");
writeFileSync(join(folder, "large.go"), Buffer.alloc(5 * 1024 * 1024));
mkdirSync(join(folder, "folder.go"));
symlinkSync("/dev/zero", join(folder, "endless.go"));
const read = createGoSourceReader(folder);

test("a file is read where the binary was built, or below the project when it was built elsewhere", () => {
  expect(read(join(folder, "api/main.go"))).toBe("package main\n");
  expect(read("/build/src/api/main.go")).toBe("package main\n");
  expect(read("example.com/shop/api/main.go")).toBe("package main\n");
});

test("what is no regular, small Go file is not read, whatever a dump names", () => {
  for (const name of ["secret.txt", "large.go", "folder.go", "endless.go", "absent.go"])
    expect(read(join(folder, name))).toBeUndefined();
  expect(read("../../etc/passwd")).toBeUndefined();
  expect(read("api/main.go\0.go")).toBeUndefined();
});
