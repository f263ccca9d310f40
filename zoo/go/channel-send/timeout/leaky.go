// Package timeout is a search service that answers with what came in time.
package timeout

import (
	"encoding/json"
	"net/http"
	"time"

	"example.com/zoo/channel-send/timeout/backend/index"
	"example.com/zoo/service"
)

const patience = 10 * time.Millisecond

type searcher struct{ shard index.Shard }

// find returns nothing when the shard is late; the late shard has nobody to send to.
func (s searcher) find(query string) []index.Hit {
	hits := make(chan []index.Hit)
	go s.shard.Lookup(query, hits) // leak: started here
	select {
	case found := <-hits:
		return found
	case <-time.After(patience):
		return nil
	}
}

// Leaky searches a shard that is always late.
func Leaky(s *service.Service) {
	s.ServeExpvar()
	search := searcher{shard: index.Shard{Latency: 60 * time.Millisecond}}
	s.Handle("/search", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(search.find(r.URL.Query().Get("id")))
	})
}
