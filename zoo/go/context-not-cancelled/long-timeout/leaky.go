// Package longtimeout is an imports service that gives each import a day.
package longtimeout

import (
	"context"
	"net/http"
	"time"

	"example.com/zoo/service"
)

type importer struct {
	cancels []context.CancelFunc
	rows    chan int
}

// run ends with its context, in a day; the import itself was over at once.
func (i *importer) run(ctx context.Context, progress chan<- int) {
	total := 0
	for {
		select { // leak: stuck here
		case <-ctx.Done():
			return
		case rows := <-i.rows:
			total += rows
			progress <- total
		}
	}
}

// Leaky keeps the cancel functions for a tidy shutdown and calls none before that.
func Leaky(s *service.Service) {
	s.ServeExpvar()
	requests := make(chan *importer, 1)
	requests <- &importer{rows: make(chan int)}
	s.Handle("/import", func(w http.ResponseWriter, r *http.Request) {
		i := <-requests
		ctx, cancel := context.WithTimeout(context.Background(), 24*time.Hour)
		i.cancels = append(i.cancels, cancel)
		requests <- i
		go i.run(ctx, make(chan int, 1)) // leak: started here
		w.WriteHeader(http.StatusAccepted)
	})
}
