package sleep

import (
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// Healthy flushes one set of counters, which all requests share.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	c := &counters{}
	startFlushing(c, 30*time.Millisecond)
	s.Handle("/count", func(w http.ResponseWriter, r *http.Request) {
		c.pending.Add(1)
		fmt.Fprintln(w, "counted")
	})
}
