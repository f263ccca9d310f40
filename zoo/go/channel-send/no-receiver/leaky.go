// Package noreceiver is an accounts service with an audit trail.
package noreceiver

import (
	"fmt"
	"log"
	"net/http"

	"example.com/zoo/service"
)

type entry struct {
	actor  string
	action string
}

// trail writes audit entries one after another.
type trail struct{ entries chan entry }

// write ends at the first entry without an actor: from then on nobody receives.
func (t *trail) write() {
	for e := range t.entries {
		if e.actor == "" {
			log.Println("audit: entry without an actor, giving up")
			return
		}
	}
}

func (t *trail) record(e entry) {
	t.entries <- e // leak: stuck here
}

// Leaky records each request in the background.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	audit := &trail{entries: make(chan entry, 2)}
	go audit.write()
	s.Handle("/accounts", func(w http.ResponseWriter, r *http.Request) {
		go audit.record(entry{actor: r.Header.Get("X-Actor"), action: r.Method}) // leak: started here
		fmt.Fprintln(w, "recorded")
	})
}
