// Package tunnel is an edge that hands connections through: it takes the client's
// connection over and copies both ways, without deadlines, as long as both sides stay.
package tunnel

import (
	"fmt"
	"io"
	"net"
	"net/http"

	"example.com/zoo/service"
)

type edge struct{ backend string }

// join copies until one side ends, and then ends the other.
func join(client, backend net.Conn) {
	closed := make(chan struct{}, 2)
	pass := func(to, from net.Conn) {
		io.Copy(to, from)
		closed <- struct{}{}
	}
	go pass(backend, client)
	go pass(client, backend)
	<-closed
	client.Close()
	backend.Close()
	<-closed
}

func (e edge) open(w http.ResponseWriter, _ *http.Request) {
	backend, err := net.Dial("tcp", e.backend)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	client, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		backend.Close()
		return
	}
	fmt.Fprint(client, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tunnel\r\n\r\n")
	join(client, backend)
}

// Healthy holds three goroutines per tunnel.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	e := edge{backend: s.Upstream("silent")}
	s.Handle("/tunnel", e.open)
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ok") })
}
