// Package handlerpolls is a reports service that waits until a report is rendered.
package handlerpolls

import (
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

type reports struct{ rendered map[string]string }

func (s *reports) ready(id string) bool { return s.rendered[id] != "" }

// await polls for up to ten minutes and never asks whether anyone still waits.
func (s *reports) await(id string) (string, bool) {
	for attempt := 0; attempt < 30_000; attempt++ {
		if s.ready(id) {
			return s.rendered[id], true
		}
		time.Sleep(20 * time.Millisecond) // leak: stuck here
	}
	return "", false
}

// Leaky keeps polling for clients that went away.
func Leaky(s *service.Service) {
	store := &reports{rendered: map[string]string{}}
	s.Handle("/reports", func(w http.ResponseWriter, r *http.Request) {
		text, ok := store.await(r.URL.Query().Get("id"))
		if !ok {
			http.Error(w, "not rendered", http.StatusGatewayTimeout)
			return
		}
		fmt.Fprintln(w, text)
	})
}
