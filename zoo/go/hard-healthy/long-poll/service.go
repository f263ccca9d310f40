// Package longpoll is a notifications service with clients that wait for news.
package longpoll

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"example.com/zoo/service"
)

// board wakes everyone who waits when news comes.
type board struct {
	mu   sync.Mutex
	news chan struct{}
}

func (b *board) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.news
}

func (b *board) publish() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.news)
	b.news = make(chan struct{})
}

// Healthy parks a handler per waiting client, for up to 25 seconds.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	events := &board{news: make(chan struct{})}
	s.OnStop(events.publish)
	s.Handle("/poll", func(w http.ResponseWriter, r *http.Request) {
		patience := time.NewTimer(25 * time.Second)
		defer patience.Stop()
		select {
		case <-events.next():
			fmt.Fprintln(w, "news")
		case <-patience.C:
			w.WriteHeader(http.StatusNoContent)
		case <-r.Context().Done():
		}
	})
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ok") })
}
