package context

import (
	"context"
	"net/http"
	"os/exec"

	"example.com/zoo/service"
)

func (c converter) run(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, c.program)
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Wait()
}

// Healthy waits for its converter.
func Healthy(s *service.Service) {
	images := converter{program: "true"}
	s.Handle("/thumbnail", func(w http.ResponseWriter, r *http.Request) {
		if err := images.run(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
}
