// Package lostsignal is a print queue whose readers wait on a condition.
package lostsignal

import (
	"net/http"
	"sync"
	"time"

	"example.com/zoo/service"
)

type queue struct {
	mu     sync.Mutex
	filled *sync.Cond
	pages  []string
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.filled = sync.NewCond(&q.mu)
	return q
}

func (q *queue) pop() (page string, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.pages) == 0 && !q.closed {
		q.filled.Wait() // leak: stuck here
	}
	if len(q.pages) == 0 {
		return "", false
	}
	page, q.pages = q.pages[0], q.pages[1:]
	return page, true
}

func (q *queue) push(page string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pages = append(q.pages, page)
	q.filled.Signal()
}

// close forgets to wake the readers.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

func (q *queue) print() {
	for _, ok := q.pop(); ok; _, ok = q.pop() {
	}
}

// Leaky opens, fills and closes a queue per request.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/print", func(w http.ResponseWriter, r *http.Request) {
		q := newQueue()
		go q.print() // leak: started here
		defer q.close()
		q.push("first")
		time.Sleep(10 * time.Millisecond)
		w.WriteHeader(http.StatusAccepted)
	})
}
