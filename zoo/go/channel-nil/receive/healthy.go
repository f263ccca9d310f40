package receive

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

// Healthy makes the channel and closes it.
func Healthy(s *service.Service) {
	s.Handle("/jobs", func(w http.ResponseWriter, r *http.Request) {
		job := newRunner(r.URL.Query().Get("id"))
		job.stopped = make(chan struct{})
		go job.awaitStop()
		defer close(job.stopped)
		fmt.Fprintln(w, job.name)
	})
}
