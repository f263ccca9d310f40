export * from "./errors.ts";
export * from "./goroutine-dump.ts";
export * from "./profile.ts";
