// Package weighted is a video service that bounds the memory of its encodings.
package weighted

import (
	"context"
	"net/http"

	"golang.org/x/sync/semaphore"

	"example.com/zoo/service"
)

type encoder struct{ memory *semaphore.Weighted }

// encode acquires without the request's context and never releases.
func (e *encoder) encode(megabytes int64) error {
	if err := e.memory.Acquire(context.Background(), megabytes); err != nil { // leak: stuck here
		return err
	}
	return nil
}

// Leaky encodes in the background.
func Leaky(s *service.Service) {
	e := &encoder{memory: semaphore.NewWeighted(64)}
	s.Handle("/encode", func(w http.ResponseWriter, r *http.Request) {
		go func(megabytes int64) { // leak: started here
			e.encode(megabytes)
		}(16)
		w.WriteHeader(http.StatusAccepted)
	})
}
