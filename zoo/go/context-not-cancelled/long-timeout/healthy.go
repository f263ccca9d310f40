package longtimeout

import (
	"context"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// Healthy cancels each import when it is over.
func Healthy(s *service.Service) {
	s.ServeExpvar()
	i := &importer{rows: make(chan int)}
	s.Handle("/import", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(context.Background(), 24*time.Hour)
		defer cancel()
		progress := make(chan int, 1)
		go i.run(ctx, progress)
		i.rows <- 40
		w.WriteHeader(http.StatusAccepted)
	})
}
