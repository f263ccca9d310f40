/** Small real Go services, compiled once per toolchain and started for one test. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import type { GoToolchain } from "../../../e2e/real-parts.ts";

/** Starts goroutines that wait forever, counts what is asked of it, and serves pprof. */
const PROGRAM = `package main

import (
	"expvar"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"strconv"
	"sync"
)

var (
	mu    sync.Mutex
	asked []string
)

func waitForNobody(messages chan int) { <-messages }

func record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/asked" {
			mu.Lock()
			asked = append(asked, r.URL.RequestURI())
			mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}

func main() {
	count, _ := strconv.Atoi(os.Args[1])
	prefix := os.Args[2]
	for i := 0; i < count; i++ {
		go waitForNobody(make(chan int))
	}
	expvar.NewInt("requests").Set(41)
	mux := http.NewServeMux()
	mux.HandleFunc(prefix+"/cmdline", pprof.Cmdline)
	mux.HandleFunc(prefix+"/profile", pprof.Profile)
	mux.HandleFunc(prefix+"/trace", pprof.Trace)
	if len(os.Args) > 3 {
		mux.Handle(prefix+"/goroutine", pprof.Handler("goroutine"))
	} else {
		mux.HandleFunc(prefix+"/", func(w http.ResponseWriter, r *http.Request) {
			r.URL.Path = "/debug/pprof" + r.URL.Path[len(prefix):]
			pprof.Index(w, r)
		})
	}
	mux.Handle("/debug/vars", expvar.Handler())
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "http_requests_total{path=\\"/a\\"} 12")
		fmt.Fprintln(w, "http_requests_total{path=\\"/metrics\\"} 30")
	})
	mux.HandleFunc("/asked", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		for _, uri := range asked {
			fmt.Fprintln(w, uri)
		}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	panic(http.Serve(listener, record(mux)))
}
`;

const folder = mkdtempSync(join(tmpdir(), "watertight-go-"));
process.once("exit", () => {
  rmSync(folder, { recursive: true, force: true });
});

/** Compiles the program; returns the path of its executable. */
export function buildGoService(toolchain: GoToolchain): string {
  const source = join(folder, toolchain.version);
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, "go.mod"), `module service\n\ngo ${toolchain.version}\n`);
  writeFileSync(join(source, "main.go"), PROGRAM);
  const executable = join(source, "service");
  execFileSync(toolchain.go, ["build", "-o", executable, "."], {
    cwd: source,
    env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod", GOWORK: "off" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return executable;
}

export interface GoService {
  readonly port: number;
  readonly pid: number;
  /** What was asked of it so far: paths with queries. */
  asked(): Promise<readonly string[]>;
  kill(): void;
}

/** Starts the program for one test. `handlers: "bare"` mounts no index page. */
export async function startGoService(
  executable: string,
  goroutines: number,
  options: { readonly prefix?: string; readonly handlers?: "bare" } = {},
): Promise<GoService> {
  const args = [String(goroutines), options.prefix ?? "/debug/pprof"];
  if (options.handlers) args.push(options.handlers);
  const child = spawn(executable, args, { stdio: ["ignore", "pipe", "inherit"] });
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    kill();
    await gone;
  });
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) => {
      resolve(Number(line));
    });
    child.once("exit", (code) => {
      reject(new Error(`the service ended with ${code}`));
    });
  });
  return {
    port,
    pid: child.pid ?? 0,
    kill,
    asked: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/asked`);
      return (await response.text()).split("\n").filter((uri) => uri !== "");
    },
  };
}
