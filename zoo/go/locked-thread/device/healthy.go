package device

import (
	"net/http"

	"example.com/zoo/service"
)

// Healthy keeps two sessions for all requests.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	shared := &session{commands: make(chan string)}
	go shared.serve()
	s.Handle("/sign", func(w http.ResponseWriter, r *http.Request) {
		own := &session{commands: make(chan string)}
		go own.serve()
		defer close(own.commands)
		own.commands <- r.URL.Query().Get("id")
		shared.commands <- r.URL.Query().Get("id")
		w.WriteHeader(http.StatusAccepted)
	})
}
