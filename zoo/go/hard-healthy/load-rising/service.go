// Package loadrising is a quotes service in its morning rush: every capture finds more
// requests in flight than the one before, each of them served within 300 ms.
package loadrising

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"example.com/zoo/service"
)

type offer struct {
	Insurer string `json:"insurer"`
	Cents   int    `json:"cents"`
}

// ask collects one offer from each insurer, slow ones included.
func ask(insurers []string) []offer {
	offers := make(chan offer)
	var asked sync.WaitGroup
	for _, insurer := range insurers {
		asked.Add(1)
		go func(insurer string) {
			defer asked.Done()
			time.Sleep(300 * time.Millisecond)
			offers <- offer{Insurer: insurer, Cents: 100 * len(insurer)}
		}(insurer)
	}
	go func() {
		asked.Wait()
		close(offers)
	}()
	var all []offer
	for o := range offers {
		all = append(all, o)
	}
	return all
}

// Healthy compares three insurers per request.
func Healthy(s *service.Service) {
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(ask([]string{"north", "harbour", "meadow"}))
	})
}
