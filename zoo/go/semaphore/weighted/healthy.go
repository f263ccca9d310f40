package weighted

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"

	"example.com/zoo/service"
)

func (e *encoder) encodeAndRelease(ctx context.Context, megabytes int64) error {
	if err := e.memory.Acquire(ctx, megabytes); err != nil {
		return err
	}
	defer e.memory.Release(megabytes)
	time.Sleep(20 * time.Millisecond)
	return nil
}

// Healthy releases what it acquired.
func Healthy(s *service.Service) {
	e := &encoder{memory: semaphore.NewWeighted(64)}
	s.Handle("/encode", func(w http.ResponseWriter, r *http.Request) {
		go e.encodeAndRelease(s.Context(), 16)
		w.WriteHeader(http.StatusAccepted)
	})
}
