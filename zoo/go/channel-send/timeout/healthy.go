package timeout

import (
	"encoding/json"
	"net/http"
	"time"

	"example.com/zoo/channel-send/timeout/backend/index"
	"example.com/zoo/service"
)

func (s searcher) findWithin(query string) []index.Hit {
	hits := make(chan []index.Hit)
	gone := make(chan struct{})
	defer close(gone)
	go s.shard.LookupWithin(query, hits, gone)
	select {
	case found := <-hits:
		return found
	case <-time.After(patience):
		return nil
	}
}

// Healthy tells the late shard that its asker is gone.
func Healthy(s *service.Service) {
	s.ServeExpvar()
	search := searcher{shard: index.Shard{Latency: 60 * time.Millisecond}}
	s.Handle("/search", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(search.findWithin(r.URL.Query().Get("id")))
	})
}
