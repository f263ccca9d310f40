// Package deafmember is a dashboard that gathers its tiles in parallel.
package deafmember

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/sync/errgroup"

	"example.com/zoo/service"
)

var errNoProfile = errors.New("no such profile")

type tiles struct{ live chan string }

// gather fails fast in one member; the other does not listen to the group's context.
func (t *tiles) gather(ctx context.Context) error {
	group, _ := errgroup.WithContext(ctx)
	group.Go(func() error { return errNoProfile })
	group.Go(func() error {
		<-t.live // leak: also stuck here
		return nil
	})
	return group.Wait() // leak: stuck here
}

// Leaky waits for a tile that has no data.
func Leaky(s *service.Service) {
	dashboard := &tiles{live: make(chan string)}
	s.Handle("/dashboard", func(w http.ResponseWriter, r *http.Request) {
		if err := dashboard.gather(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprintln(w, "tiles")
	})
}
