// Package slowrequests is an analytics service whose requests take a second and a half:
// the same goroutines are there in several captures.
package slowrequests

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

type query struct{ result chan int }

// run answers after a while, or not at all when nobody waits any more.
func (q *query) run(ctx context.Context) {
	select {
	case <-time.After(1500 * time.Millisecond):
		q.result <- 7
	case <-ctx.Done():
	}
}

// Healthy computes in the background and waits.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/query", func(w http.ResponseWriter, r *http.Request) {
		q := &query{result: make(chan int, 1)}
		go q.run(r.Context())
		select {
		case rows := <-q.result:
			fmt.Fprintln(w, rows)
		case <-r.Context().Done():
		}
	})
}
