package dial

import (
	"net"
	"net/http"
	"time"

	"example.com/zoo/service"
)

func (t *tracker) pingWithin(patience time.Duration) error {
	conn, err := net.DialTimeout("tcp", t.address, patience)
	if err != nil {
		return err
	}
	conn.SetDeadline(time.Now().Add(patience))
	if _, err := conn.Write([]byte("PING\n")); err != nil {
		conn.Close()
		return err
	}
	go t.listen(conn)
	return nil
}

// Healthy reads with a deadline.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	t := &tracker{address: s.Upstream("silent")}
	s.Handle("/ping", func(w http.ResponseWriter, r *http.Request) {
		if err := t.pingWithin(60 * time.Millisecond); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
}
