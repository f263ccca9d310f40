// Package requestdeadlines is a service where everything has a deadline: goroutines wait
// on Done() for each request, and all of them end in time.
package requestdeadlines

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"example.com/zoo/service"
)

type lease struct{ open *atomic.Int64 }

// hold ends with its context.
func (l lease) hold(ctx context.Context) {
	l.open.Add(1)
	<-ctx.Done()
	l.open.Add(-1)
}

// Healthy leases for 350 ms per request, beyond the request itself.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	var open atomic.Int64
	s.Handle("/lease", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(s.Context(), 350*time.Millisecond)
		time.AfterFunc(400*time.Millisecond, cancel)
		go lease{open: &open}.hold(ctx)
		fmt.Fprintln(w, open.Load())
	})
}
