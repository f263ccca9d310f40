package retryworker

import (
	"context"
	"net/http"
	"time"

	"example.com/zoo/service"
)

func (h *hook) deliverWithin(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 60*time.Millisecond)
	defer cancel()
	for ctx.Err() == nil && h.post(ctx) != nil {
		backOff(h.attempts)
	}
}

// Healthy retries within a limit of its own.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		h := &hook{url: r.URL.Query().Get("url")}
		go h.deliverWithin(s.Context())
		w.WriteHeader(http.StatusAccepted)
	})
}
