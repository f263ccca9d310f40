// Package readerinio is a feature-flags service whose readers look things up elsewhere.
package readerinio

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"sync"

	"example.com/zoo/service"
)

type flags struct {
	mu      sync.RWMutex
	values  map[string]bool
	address string
}

// resolve holds the read lock while a silent peer makes up its mind.
func (f *flags) resolve(name string) (bool, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if value, ok := f.values[name]; ok {
		return value, nil
	}
	conn, err := net.Dial("tcp", f.address)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	fmt.Fprintln(conn, name)
	answer, err := bufio.NewReader(conn).ReadString('\n') // leak: also stuck here
	return answer == "on\n", err
}

func (f *flags) set(name string, value bool) {
	f.mu.Lock() // leak: stuck here
	defer f.mu.Unlock()
	f.values[name] = value
}

// Leaky sets a flag per request; one reader that is stuck stops all of them.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	f := &flags{values: map[string]bool{}, address: s.Upstream("silent")}
	go f.resolve("dark-mode")
	s.Handle("/set", func(w http.ResponseWriter, r *http.Request) {
		f.set(r.URL.Query().Get("id"), true)
		w.WriteHeader(http.StatusNoContent)
	})
}
