// Package receive is a jobs service whose runners can be cancelled.
package receive

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

type runner struct {
	name    string
	stopped chan struct{}
	state   string
}

// newRunner forgets to make the channel.
func newRunner(name string) *runner { return &runner{name: name, state: "running"} }

func (r *runner) awaitStop() {
	<-r.stopped // leak: stuck here
	r.state = "stopped"
}

// Leaky waits on a channel that was never made.
func Leaky(s *service.Service) {
	s.Handle("/jobs", func(w http.ResponseWriter, r *http.Request) {
		job := newRunner(r.URL.Query().Get("id"))
		go job.awaitStop() // leak: started here
		fmt.Fprintln(w, job.name)
	})
}
