// Package customcontext is a billing service whose work must outlive its request.
package customcontext

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// detached keeps the values of a request but ends with the service.
type detached struct {
	values context.Context
	done   <-chan struct{}
}

func (d detached) Deadline() (time.Time, bool) { return time.Time{}, false }
func (d detached) Done() <-chan struct{}       { return d.done }
func (d detached) Err() error                  { return nil }
func (d detached) Value(key any) any           { return d.values.Value(key) }

type charge struct {
	ctx  context.Context
	stop context.CancelFunc
}

// begin never stops its charge: the context package keeps a goroutine for each.
func begin(parent context.Context) *charge {
	ctx, stop := context.WithCancel(parent)
	return &charge{ctx: ctx, stop: stop}
}

// Leaky derives from a context that the context package cannot look into.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	closing := make(chan struct{})
	s.Handle("/charges", func(w http.ResponseWriter, r *http.Request) {
		c := begin(detached{values: r.Context(), done: closing})
		fmt.Fprintln(w, "charged", c.ctx.Err() == nil)
	})
}
