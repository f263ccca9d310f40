// Package loadramp is a booking service at the start of a sale: requests in flight rise
// while it is watched, and fall again.
package loadramp

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

type seats struct{ free chan int }

// reserve waits its turn, or until its client is gone.
func (s *seats) reserve(ctx context.Context) (int, error) {
	decision := make(chan int, 1)
	go func() {
		time.Sleep(250 * time.Millisecond)
		decision <- 42
	}()
	select {
	case seat := <-decision:
		return seat, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Healthy takes a quarter of a second per booking.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	hall := &seats{}
	s.Handle("/book", func(w http.ResponseWriter, r *http.Request) {
		seat, err := hall.reserve(r.Context())
		if err != nil {
			return
		}
		fmt.Fprintln(w, seat)
	})
}
