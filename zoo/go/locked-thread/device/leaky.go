// Package device is a signing service whose hardware wants one thread per session.
package device

import (
	"net/http"
	"runtime"

	"example.com/zoo/service"
)

type session struct {
	commands chan string
	signed   int
}

// serve owns an operating system thread while it waits.
func (s *session) serve() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for range s.commands { // leak: stuck here
		s.signed++
	}
}

// Leaky opens a session per request and does not end it.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/sign", func(w http.ResponseWriter, r *http.Request) {
		own := &session{commands: make(chan string)}
		go own.serve() // leak: started here
		own.commands <- r.URL.Query().Get("id")
		w.WriteHeader(http.StatusAccepted)
	})
}
