// Package eventstream is a dashboard service that streams to browsers.
package eventstream

import (
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// Healthy streams server-sent events until the browser goes.
func Healthy(s *service.Service) {
	s.ServeExpvar()
	s.Handle("/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		every := time.NewTicker(200 * time.Millisecond)
		defer every.Stop()
		for {
			select {
			case <-r.Context().Done():
				return
			case now := <-every.C:
				fmt.Fprintf(w, "data: %d\n\n", now.UnixMilli())
				w.(http.Flusher).Flush()
			}
		}
	})
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ok") })
}
