/** Options of every command that reaches a target, and what they mean to the capture. */
import { Option, type Command } from "commander";
import { collectHeader, parseBytes, parseCount } from "../arguments/parse-option.ts";

/** As commander gives them. */
export interface TargetOptions {
  readonly prefix?: string;
  readonly header: Readonly<Record<string, string>>;
  readonly tokenEnv?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly serverName?: string;
  readonly insecure?: true;
  readonly metric?: string;
  readonly metricsPath?: string;
  readonly budgetMs?: number;
  readonly budgetBytes?: number;
}

const HEADING = "Reaching the target:";
const COST_HEADING = "What it may cost the target:";

/** The help of a target argument. */
export const TARGET_HELP =
  "a URL, host:port, :port, unix:/path.sock, a process id, a file, a folder, or - for standard input";

/** Adds them, in their groups. */
export function addTargetOptions(command: Command): Command {
  const add = (heading: string, ...options: readonly Option[]): void => {
    for (const option of options) command.addOption(option.helpGroup(heading));
  };
  add(
    HEADING,
    new Option("--prefix <path>", "where pprof is served, when it is not /debug/pprof"),
    new Option("--header <name: value>", "a header for every request; repeatable")
      .argParser(collectHeader)
      .default({}, "none"),
    new Option("--token-env <name>", "environment variable that holds a bearer token"),
    new Option("--cert <file>", "client certificate, PEM"),
    new Option("--key <file>", "its key, PEM"),
    new Option("--ca <file>", "authority that signed the target's certificate, PEM"),
    new Option("--server-name <name>", "name in the target's certificate, when it is not the host"),
    new Option("--insecure", "accept any certificate; the report says so"),
    new Option("--metric <name>", "counter of requests served (Prometheus or expvar)"),
    new Option("--metrics-path <path>", "page of that counter (default: /metrics, /debug/vars)"),
  );
  add(
    COST_HEADING,
    new Option(
      "--budget-ms <ms>",
      "time the target may stand still for one capture (default: 1000; Node: 3000)",
    ).argParser(parseCount(0, 3_600_000)),
    new Option("--budget-bytes <size>", "bytes fetched for one capture")
      .argParser(parseBytes)
      .default(256 * 1024 * 1024, "256MiB"),
  );
  return command;
}
