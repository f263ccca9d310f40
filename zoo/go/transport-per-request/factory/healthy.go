package factory

import (
	"net/http"

	"example.com/zoo/service"
)

// Healthy shares one client between all requests.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	client := newClient()
	profiles := "http://" + s.Upstream("json") + "/profiles"
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := fetch(client, profiles)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.Write(body)
	})
}
