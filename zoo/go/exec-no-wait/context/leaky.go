// Package context is a thumbnails service that calls a converter program.
package context

import (
	"context"
	"net/http"
	"os/exec"

	"example.com/zoo/service"
)

type converter struct{ program string }

// start never waits: the child becomes a zombie and its watcher stays.
func (c converter) start(ctx context.Context) error {
	return exec.CommandContext(ctx, c.program).Start()
}

// Leaky starts a converter per request.
func Leaky(s *service.Service) {
	images := converter{program: "true"}
	s.Handle("/thumbnail", func(w http.ResponseWriter, r *http.Request) {
		if err := images.start(s.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
}
