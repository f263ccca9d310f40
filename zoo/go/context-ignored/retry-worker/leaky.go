// Package retryworker is a webhooks service that retries until it gets through.
package retryworker

import (
	"context"
	"errors"
	"net/http"
	"time"

	"example.com/zoo/service"
)

var errRefused = errors.New("the receiver refused")

type hook struct {
	url      string
	attempts int
}

func (h *hook) post(context.Context) error {
	h.attempts++
	return errRefused
}

// deliver takes a context and does not look at it between attempts.
func (h *hook) deliver(ctx context.Context) {
	for h.post(ctx) != nil {
		backOff(h.attempts)
	}
}

func backOff(attempt int) {
	time.Sleep(time.Duration(10+attempt%5) * time.Millisecond) // leak: stuck here
}

// Leaky hands its request's context to work that ignores it.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		h := &hook{url: r.URL.Query().Get("url")}
		go h.deliver(r.Context()) // leak: started here
		w.WriteHeader(http.StatusAccepted)
	})
}
