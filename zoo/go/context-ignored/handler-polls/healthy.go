package handlerpolls

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

func (s *reports) awaitWith(ctx context.Context, id string) (string, error) {
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for !s.ready(id) {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-poll.C:
		}
	}
	return s.rendered[id], nil
}

// Healthy stops polling when its client goes away.
func Healthy(s *service.Service) {
	store := &reports{rendered: map[string]string{}}
	s.Handle("/reports", func(w http.ResponseWriter, r *http.Request) {
		text, err := store.awaitWith(r.Context(), r.URL.Query().Get("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusGatewayTimeout)
			return
		}
		fmt.Fprintln(w, text)
	})
}
