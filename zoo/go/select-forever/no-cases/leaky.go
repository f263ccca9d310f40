// Package nocases is a tunnel service that keeps a session open by blocking.
package nocases

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

type tunnel struct{ port int }

func (t *tunnel) close() { t.port = 0 }

// hold keeps the tunnel open, as a main function would.
func (t *tunnel) hold() {
	defer t.close()
	select {} // leak: stuck here
}

// Leaky opens a tunnel per request.
func Leaky(s *service.Service) {
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		t := &tunnel{port: 40_000}
		go t.hold() // leak: started here
		fmt.Fprintln(w, t.port)
	})
}
