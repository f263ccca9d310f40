// Package childprocess is a translation service in front of a program that runs on.
package childprocess

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"runtime"
	"sync"

	"example.com/zoo/service"
)

// engine is a child process that answers line by line.
type engine struct {
	mu      sync.Mutex
	input   io.WriteCloser
	answers *bufio.Reader
}

func start(s *service.Service) *engine {
	cmd := exec.CommandContext(s.Context(), "cat")
	input, err := cmd.StdinPipe()
	if err != nil {
		panic(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		panic(err)
	}
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	go cmd.Wait()
	return &engine{input: input, answers: bufio.NewReader(output)}
}

func (e *engine) translate(line string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, err := fmt.Fprintln(e.input, line); err != nil {
		return "", err
	}
	return e.answers.ReadString('\n')
}

// Healthy waits for its child all along, and owns a thread for a device.
func Healthy(s *service.Service) {
	translator := start(s)
	device := make(chan struct{})
	s.OnStop(func() { close(device) })
	go func() {
		runtime.LockOSThread()
		<-device
	}()
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		text, err := translator.translate(r.URL.RawQuery)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, text)
	})
}
