// Package dial is a tracking service that speaks a line protocol over TCP.
package dial

import (
	"log"
	"net"
	"net/http"

	"example.com/zoo/service"
)

type tracker struct{ address string }

// listen reads replies until the other side closes, which it does not.
func (t *tracker) listen(conn net.Conn) {
	defer conn.Close()
	buffer := make([]byte, 256)
	for {
		n, err := conn.Read(buffer) // leak: stuck here
		if err != nil {
			return
		}
		log.Printf("tracker: %s", buffer[:n])
	}
}

func (t *tracker) ping() error {
	conn, err := net.Dial("tcp", t.address)
	if err != nil {
		return err
	}
	if _, err := conn.Write([]byte("PING\n")); err != nil {
		return err
	}
	go t.listen(conn) // leak: started here
	return nil
}

// Leaky pings a tracker that is silent.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	t := &tracker{address: s.Upstream("silent")}
	s.Handle("/ping", func(w http.ResponseWriter, r *http.Request) {
		if err := t.ping(); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
}
