// Package slowupstream is a rates service that refreshes its table under a lock.
package slowupstream

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"example.com/zoo/service"
)

type rates struct {
	mu      sync.Mutex
	table   map[string]string
	fetched time.Time
	source  string
}

// rate refreshes the stale table while it holds the lock: one hanging upstream stops everyone.
func (t *rates) rate(currency string) (string, error) {
	t.mu.Lock() // leak: stuck here
	defer t.mu.Unlock()
	if time.Since(t.fetched) > time.Minute {
		if err := t.refresh(); err != nil {
			return "", err
		}
	}
	return t.table[currency], nil
}

func (t *rates) refresh() error {
	resp, err := http.Get("http://" + t.source + "/rates") // leak: also stuck here
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	t.table = map[string]string{"EUR": string(text)}
	t.fetched = time.Now()
	return err
}

// Leaky serves rates from an upstream that hangs.
func Leaky(s *service.Service) {
	table := &rates{source: s.Upstream("hang")}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		rate, err := table.rate("EUR")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprintln(w, rate)
	})
}
