// Package connectionpool is a cache client whose pool is always at its limit.
package connectionpool

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// pool lends a fixed number of TCP connections.
type pool struct{ idle chan net.Conn }

func open(address string, size int) *pool {
	p := &pool{idle: make(chan net.Conn, size)}
	for i := 0; i < size; i++ {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			panic(err)
		}
		p.idle <- conn
	}
	return p
}

// ask waits for a free connection and then for an answer, at most 50 ms.
func (p *pool) ask(key string) error {
	conn := <-p.idle
	defer func() { p.idle <- conn }()
	conn.SetDeadline(time.Now().Add(50 * time.Millisecond))
	if _, err := fmt.Fprintf(conn, "get %s\r\n", key); err != nil {
		return err
	}
	_, err := conn.Read(make([]byte, 64))
	return err
}

// Healthy has five connections for more requests than that.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	cache := open(s.Upstream("silent"), 5)
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		if err := cache.ask(r.URL.RawQuery); err != nil {
			w.Header().Set("X-Cache", "miss")
		}
		fmt.Fprintln(w, "value")
	})
}
