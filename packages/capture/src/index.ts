export * from "./connection.ts";
export * from "./errors.ts";
export * from "./limits.ts";
export * from "./secret.ts";
export * from "./target.ts";
