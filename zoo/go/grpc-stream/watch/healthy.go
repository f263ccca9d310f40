package watch

import (
	"context"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

// Healthy cancels each stream after its first message.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	prices := dial(s.Upstream("grpc"))
	s.Handle("/quote", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(s.Context())
		defer cancel()
		price, err := prices.first(ctx, r.URL.Query().Get("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprintln(w, price)
	})
}
