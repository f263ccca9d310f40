// Package proxy is a gateway that forwards to a backend.
package proxy

import (
	"io"
	"net/http"

	"example.com/zoo/service"
)

// backend is one service behind the gateway.
type backend struct{ base string }

// forward has no deadline: neither the client nor the request brings one.
func (b backend) forward(w http.ResponseWriter, path string) {
	resp, err := http.Get(b.base + path) // leak: stuck here
	if err != nil {
		http.Error(w, "bad gateway", http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	w.WriteHeader(resp.StatusCode)
	io.Copy(w, resp.Body)
}

// Leaky forwards to a backend that hangs.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	users := backend{base: "http://" + s.Upstream("hang")}
	s.Handle("/users", func(w http.ResponseWriter, r *http.Request) {
		users.forward(w, r.URL.Path)
	})
}
