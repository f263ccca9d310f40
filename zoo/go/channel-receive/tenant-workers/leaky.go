// Package tenantworkers is a queue service that starts workers for each new tenant.
package tenantworkers

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"example.com/zoo/service"
)

type job func()

// queue runs the jobs of one tenant.
type queue struct{ jobs chan job }

func newQueue(workers int) *queue {
	q := &queue{jobs: make(chan job, 8)}
	for worker := 0; worker < workers; worker++ {
		go q.work() // leak: started here
	}
	return q
}

func (q *queue) work() {
	for j := range q.jobs { // leak: stuck here
		j()
	}
}

type queues struct {
	mu       sync.Mutex
	byTenant map[string]*queue
}

// of finds the tenant's queue; trial tenants come once and are never removed.
func (q *queues) of(tenant string) *queue {
	q.mu.Lock()
	defer q.mu.Unlock()
	if own, ok := q.byTenant[tenant]; ok {
		return own
	}
	q.byTenant[tenant] = newQueue(2)
	return q.byTenant[tenant]
}

// Leaky sees a new tenant with every fifth request.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	all := &queues{byTenant: map[string]*queue{}}
	s.Handle("/enqueue", func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.Atoi(r.URL.Query().Get("id"))
		done := make(chan int, 1)
		all.of(strconv.Itoa(id / 5)).jobs <- func() { done <- id }
		fmt.Fprintln(w, <-done)
	})
}
