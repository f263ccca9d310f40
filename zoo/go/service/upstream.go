package service

import (
	"bufio"
	"log"
	"os"
	"os/exec"
	"strings"
)

// Upstream starts another process of this binary that plays a dependency of the
// service (see package upstream) and returns its host:port. It lives in a process of
// its own so that the service's goroutine dump holds the service alone; it ends when
// its standard input closes, that is, with the service.
func (s *Service) Upstream(kind string) string {
	cmd := exec.Command(os.Args[0], "upstream", kind)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		log.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		log.Fatalf("upstream %s said nothing: %v", kind, err)
	}
	s.OnStop(func() { stdin.Close() })
	return strings.TrimPrefix(strings.TrimSpace(line), "listening ")
}
