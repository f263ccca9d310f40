package shard

import (
	"net/http"
	"time"

	"example.com/zoo/service"
)

func (s *shard) describeOnce() (names []string, size int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for name := range s.items {
		names = append(names, name)
	}
	time.Sleep(30 * time.Millisecond)
	return names, len(s.items)
}

// Healthy reads everything under one read lock.
func Healthy(s *service.Service) {
	s.Handle("/shards", func(w http.ResponseWriter, r *http.Request) {
		own := &shard{items: map[string]int{"a": 1, "b": 2}}
		go own.describeOnce()
		go own.refresh()
		w.WriteHeader(http.StatusAccepted)
	})
}
