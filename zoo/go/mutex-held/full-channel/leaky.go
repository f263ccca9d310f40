// Package fullchannel is a notifications service with subscribers.
package fullchannel

import (
	"fmt"
	"net/http"
	"sync"

	"example.com/zoo/service"
)

type bus struct {
	mu          sync.RWMutex
	subscribers []chan string
	published   int
}

// publish sends under the lock: one subscriber that stopped reading stops every publisher.
func (b *bus) publish(event string) {
	b.mu.Lock() // leak: stuck here
	defer b.mu.Unlock()
	b.published++
	for _, subscriber := range b.subscribers {
		subscriber <- event // leak: also stuck here
	}
}

func (b *bus) subscribe(room int) <-chan string {
	events := make(chan string, room)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subscribers = append(b.subscribers, events)
	return events
}

// Leaky publishes to a subscriber that reads nothing.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	events := &bus{}
	events.subscribe(3)
	s.Handle("/publish", func(w http.ResponseWriter, r *http.Request) {
		events.publish(r.URL.Query().Get("id"))
		fmt.Fprintln(w, "published")
	})
}
