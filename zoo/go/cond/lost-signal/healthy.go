package lostsignal

import (
	"net/http"
	"time"

	"example.com/zoo/service"
)

func (q *queue) closeAndWake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.filled.Broadcast()
}

// Healthy wakes its readers when the queue closes.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/print", func(w http.ResponseWriter, r *http.Request) {
		q := newQueue()
		go q.print()
		defer q.closeAndWake()
		q.push("first")
		time.Sleep(10 * time.Millisecond)
		w.WriteHeader(http.StatusAccepted)
	})
}
