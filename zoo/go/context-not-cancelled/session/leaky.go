// Package session is a service that opens a session for each visitor.
package session

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"example.com/zoo/service"
)

// visitor is one open session; end is kept for a sign-out that never comes.
type visitor struct {
	end  context.CancelFunc
	name string
}

type sessions struct {
	mu   sync.Mutex
	last *visitor
}

// expire waits for the session to end and then tidies up.
func (s *sessions) expire(ctx context.Context, v *visitor) {
	<-ctx.Done() // leak: stuck here
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == v {
		s.last = nil
	}
}

func (s *sessions) open(parent context.Context, name string) *visitor {
	ctx, cancel := context.WithCancel(parent)
	v := &visitor{end: cancel, name: name}
	s.mu.Lock()
	s.last = v
	s.mu.Unlock()
	go s.expire(ctx, v) // leak: started here
	return v
}

// Leaky opens a session per request, replaces the one before and never ends it.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	open := &sessions{}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		v := open.open(s.Context(), r.URL.Query().Get("name"))
		fmt.Fprintf(w, "hello %s\n", v.name)
	})
}
