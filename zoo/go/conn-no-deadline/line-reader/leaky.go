// Package linereader is a checkout service that asks a card terminal.
package linereader

import (
	"fmt"
	"net"
	"net/http"

	"example.com/zoo/conn-no-deadline/line-reader/wire"
	"example.com/zoo/service"
)

type terminal struct{ address string }

func (t terminal) authorise(cents int) (wire.Reply, error) {
	conn, err := net.Dial("tcp", t.address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	fmt.Fprintf(conn, "AUTH %d\n", cents)
	return wire.Read(conn)
}

// Leaky waits in the handler for a terminal that says nothing.
func Leaky(s *service.Service) {
	till := terminal{address: s.Upstream("silent")}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		reply, err := till.authorise(1_250)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprintln(w, reply)
	})
}
