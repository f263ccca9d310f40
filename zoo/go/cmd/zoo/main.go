// Command zoo runs one service of the zoo, or one of the dependencies that they call:
//
//	zoo <name> <leaky|healthy> [--addr 127.0.0.1:0]
//	zoo upstream <kind>
//	zoo list
package main

import (
	"fmt"
	"os"
	"sort"

	"example.com/zoo/service"
	"example.com/zoo/upstream"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "zoo:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 1 && args[0] == "list" {
		return list()
	}
	if len(args) < 2 {
		return fmt.Errorf("usage: zoo <name> <leaky|healthy> [--addr host:port]")
	}
	if args[0] == "upstream" {
		return upstream.Run(args[1])
	}
	build := services[args[0]][args[1]]
	if build == nil {
		return fmt.Errorf("no service is called %q %q", args[0], args[1])
	}
	addr := "127.0.0.1:0"
	if len(args) == 4 && args[2] == "--addr" {
		addr = args[3]
	}
	return service.Run(addr, build)
}

func list() error {
	var names []string
	for name := range services {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Println(name)
	}
	return nil
}
