package noreceiver

import (
	"fmt"
	"log"
	"net/http"

	"example.com/zoo/service"
)

func (t *trail) writeAll() {
	for e := range t.entries {
		if e.actor == "" {
			log.Println("audit: entry without an actor")
		}
	}
}

// Healthy keeps reading whatever it is sent.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	audit := &trail{entries: make(chan entry, 2)}
	go audit.writeAll()
	s.Handle("/accounts", func(w http.ResponseWriter, r *http.Request) {
		go audit.record(entry{actor: r.Header.Get("X-Actor"), action: r.Method})
		fmt.Fprintln(w, "recorded")
	})
}
