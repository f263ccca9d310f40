package readerinio

import (
	"net"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// lookUp asks without any lock, and not for long.
func (f *flags) lookUp(name string) bool {
	conn, err := net.DialTimeout("tcp", f.address, 50*time.Millisecond)
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(50 * time.Millisecond))
	_, err = conn.Read(make([]byte, 8))
	return err == nil && name != ""
}

// Healthy holds its lock over nothing slow.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	f := &flags{values: map[string]bool{}, address: s.Upstream("silent")}
	s.Handle("/set", func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Query().Get("id")
		f.set(name, f.lookUp(name))
		w.WriteHeader(http.StatusNoContent)
	})
}
