package nocases

import (
	"context"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

func (t *tunnel) holdUntil(ctx context.Context) {
	defer t.close()
	<-ctx.Done()
}

// Healthy holds the tunnel until its request ends.
func Healthy(s *service.Service) {
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		t := &tunnel{port: 40_000}
		fmt.Fprintln(w, t.port)
		go t.holdUntil(r.Context())
	})
}
