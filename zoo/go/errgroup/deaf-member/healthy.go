package deafmember

import (
	"context"
	"fmt"
	"net/http"

	"golang.org/x/sync/errgroup"

	"example.com/zoo/service"
)

func (t *tiles) gatherWith(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return errNoProfile })
	group.Go(func() error {
		select {
		case <-t.live:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return group.Wait()
}

// Healthy ends every member with the first error.
func Healthy(s *service.Service) {
	dashboard := &tiles{live: make(chan string)}
	s.Handle("/dashboard", func(w http.ResponseWriter, r *http.Request) {
		if err := dashboard.gatherWith(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprintln(w, "tiles")
	})
}
