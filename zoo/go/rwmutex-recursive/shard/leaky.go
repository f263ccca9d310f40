// Package shard is a catalogue service whose shards are read and refreshed at once.
package shard

import (
	"net/http"
	"sync"
	"time"

	"example.com/zoo/service"
)

type shard struct {
	mu    sync.RWMutex
	items map[string]int
}

func (s *shard) size() int {
	s.mu.RLock() // leak: stuck here
	defer s.mu.RUnlock()
	return len(s.items)
}

// describe reads under a read lock and asks size, which takes it again.
func (s *shard) describe() (names []string, size int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for name := range s.items {
		names = append(names, name)
	}
	time.Sleep(30 * time.Millisecond)
	return names, s.size()
}

// refresh comes in between: from then on no new reader gets in.
func (s *shard) refresh() {
	time.Sleep(10 * time.Millisecond)
	s.mu.Lock() // leak: also stuck here
	defer s.mu.Unlock()
	s.items["fresh"]++
}

// Leaky describes and refreshes a shard of its own per request.
func Leaky(s *service.Service) {
	s.Handle("/shards", func(w http.ResponseWriter, r *http.Request) {
		own := &shard{items: map[string]int{"a": 1, "b": 2}}
		go own.describe() // leak: started here
		go own.refresh()  // leak: started here
		w.WriteHeader(http.StatusAccepted)
	})
}
