// Package fanout is a home page that asks five systems at once.
package fanout

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/zoo/service"
)

func fetch(ctx context.Context, part int) (string, error) {
	timer := time.NewTimer(time.Duration(40+15*part) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return time.Duration(part).String(), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func assemble(ctx context.Context) ([]string, error) {
	parts := make([]string, 5)
	group, ctx := errgroup.WithContext(ctx)
	for part := range parts {
		part := part
		group.Go(func() (err error) {
			parts[part], err = fetch(ctx, part)
			return err
		})
	}
	return parts, group.Wait()
}

// Healthy has six goroutines for each request in flight.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/home", func(w http.ResponseWriter, r *http.Request) {
		parts, err := assemble(r.Context())
		if err != nil {
			return
		}
		json.NewEncoder(w).Encode(parts)
	})
}
