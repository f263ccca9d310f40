// Command orders-api takes orders: it asks for a shipping rate, checks for fraud and
// follows each order's progress. As it is, it leaks in three places; with "healthy" as
// its argument it does the same without.
package main

import (
	"fmt"
	"os"

	"example.com/zoo/service"
	"example.com/zoo/upstream"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "orders-api:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == "upstream" {
		return upstream.Run(args[1])
	}
	build := leaky
	if len(args) > 0 && args[0] == "healthy" {
		build = healthy
	}
	addr := "127.0.0.1:0"
	if len(args) == 3 && args[1] == "--addr" {
		addr = args[2]
	}
	return service.Run(addr, build)
}
