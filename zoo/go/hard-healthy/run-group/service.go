// Package rungroup is a service built as a group of long-running parts: several of them
// wait for ever, in every way there is, and that is their job.
package rungroup

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"golang.org/x/sync/errgroup"

	"example.com/zoo/service"
)

// mailbox wakes its idle workers with a condition.
type mailbox struct {
	mu      sync.Mutex
	arrived *sync.Cond
	letters []string
	sorted  int
}

func (m *mailbox) sort() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		for len(m.letters) == 0 {
			m.arrived.Wait()
		}
		m.letters = m.letters[1:]
		m.sorted++
	}
}

func (m *mailbox) put(letter string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, letter)
	m.arrived.Signal()
	return m.sorted
}

// idle is a part that only ends with the service.
func idle(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// Healthy waits in an errgroup, in a WaitGroup, on a Cond, on Done and in an empty select.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	box := &mailbox{}
	box.arrived = sync.NewCond(&box.mu)
	for worker := 0; worker < 12; worker++ {
		go box.sort()
	}
	group, ctx := errgroup.WithContext(s.Context())
	for part := 0; part < 4; part++ {
		group.Go(func() error { return idle(ctx) })
	}
	go group.Wait()
	var parts sync.WaitGroup
	parts.Add(1)
	go func() {
		defer parts.Done()
		idle(ctx)
	}()
	go parts.Wait()
	go func() { select {} }()
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, box.put(r.URL.RawQuery))
	})
}
