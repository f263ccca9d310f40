package fullchannel

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

// offer drops the event for a subscriber that has no room.
func (b *bus) offer(event string) (dropped int) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, subscriber := range b.subscribers {
		select {
		case subscriber <- event:
		default:
			dropped++
		}
	}
	return dropped
}

// Healthy never waits for a subscriber.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	events := &bus{}
	events.subscribe(3)
	s.Handle("/publish", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "dropped", events.offer(r.URL.Query().Get("id")))
	})
}
