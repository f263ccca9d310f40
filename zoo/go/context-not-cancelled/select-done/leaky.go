// Package selectdone is an inventory service that watches a product's stock.
package selectdone

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

type change struct{ units int }

// watch returns the changes and a function that ends the watch.
func watch(ctx context.Context, every time.Duration) (<-chan change, func()) {
	ctx, stop := context.WithCancel(ctx)
	changes, polls := make(chan change, 1), make(chan change)
	go func() { // leak: started here
		defer close(changes)
		for {
			select { // leak: stuck here
			case <-ctx.Done():
				return
			case c := <-polls:
				changes <- c
			}
		}
	}()
	changes <- change{units: int(every)}
	return changes, stop
}

// Leaky takes one change and drops the function that would end the watch.
func Leaky(s *service.Service) {
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		changes, _ := watch(context.Background(), time.Minute)
		fmt.Fprintln(w, (<-changes).units)
	})
}
