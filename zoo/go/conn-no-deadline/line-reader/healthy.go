package linereader

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"example.com/zoo/conn-no-deadline/line-reader/wire"
	"example.com/zoo/service"
)

func (t terminal) authoriseWithin(cents int, patience time.Duration) (wire.Reply, error) {
	conn, err := net.DialTimeout("tcp", t.address, patience)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	fmt.Fprintf(conn, "AUTH %d\n", cents)
	return wire.Read(conn)
}

// Healthy gives the terminal 60 ms.
func Healthy(s *service.Service) {
	till := terminal{address: s.Upstream("silent")}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		reply, err := till.authoriseWithin(1_250, 60*time.Millisecond)
		if err != nil {
			http.Error(w, err.Error(), http.StatusGatewayTimeout)
			return
		}
		fmt.Fprintln(w, reply)
	})
}
