// Package output is a documents service that filters text through a program.
package output

import (
	"bytes"
	"io"
	"net/http"
	"os/exec"

	"example.com/zoo/service"
)

// filter is one run of the program with what it printed so far.
type filter struct {
	input  io.WriteCloser
	output bytes.Buffer
}

// begin collects output in the background; nobody closes the input or waits.
func begin(program string) (*filter, error) {
	f := &filter{}
	cmd := exec.Command(program)
	cmd.Stdout = &f.output
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	f.input = input
	return f, cmd.Start()
}

// Leaky begins a filter per request and forgets it.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	var last *filter
	s.Handle("/filter", func(w http.ResponseWriter, r *http.Request) {
		f, err := begin("cat")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if last == nil {
			last = f
		}
		w.WriteHeader(http.StatusAccepted)
	})
}
