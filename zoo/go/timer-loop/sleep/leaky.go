// Package sleep is a metrics gateway that flushes each tenant's counters.
package sleep

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"example.com/zoo/service"
)

type counters struct{ pending, flushed atomic.Int64 }

func startFlushing(c *counters, pause time.Duration) {
	go func() { // leak: started here
		for {
			time.Sleep(pause) // leak: stuck here
			c.flushed.Add(c.pending.Swap(0))
		}
	}()
}

// Leaky starts to flush anew per request.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/count", func(w http.ResponseWriter, r *http.Request) {
		c := &counters{}
		startFlushing(c, 30*time.Millisecond)
		c.pending.Add(1)
		fmt.Fprintln(w, "counted")
	})
}
