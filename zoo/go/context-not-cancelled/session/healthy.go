package session

import (
	"context"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

// Healthy ends each session with the request that opened it.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	open := &sessions{}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		v := open.open(ctx, r.URL.Query().Get("name"))
		defer v.end()
		fmt.Fprintf(w, "hello %s\n", v.name)
	})
}
