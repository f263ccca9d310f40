package pipeline

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"example.com/zoo/service"
)

// transformUntil is a stage that ends with its context.
func transformUntil[In, Out any](ctx context.Context, in []In, f func(In) Out) <-chan Out {
	out := make(chan Out)
	go func() {
		defer close(out)
		for _, value := range in {
			select {
			case out <- f(value):
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// Healthy ends the pipeline with the request.
func Healthy(s *service.Service) {
	ids := []int{1, 2, 3, 4, 5, 6, 7, 8, 9}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		listings := transformUntil(ctx, ids, func(id int) listing {
			return listing{ID: id, Title: "listing " + strconv.Itoa(id)}
		})
		json.NewEncoder(w).Encode(firstPage(listings, 3))
	})
}
