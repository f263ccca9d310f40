package slowupstream

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"example.com/zoo/service"
)

// staleRates answers from what it has and refreshes outside the lock, with a deadline.
type staleRates struct {
	mu     sync.Mutex
	table  map[string]string
	client *http.Client
	source string
}

func (t *staleRates) rate(currency string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.table[currency]
}

func (t *staleRates) refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+t.source+"/rates", nil)
	if err != nil {
		return err
	}
	resp, err := t.client.Do(request)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Healthy serves stale rates while the refresh fails.
func Healthy(s *service.Service) {
	table := &staleRates{
		table:  map[string]string{"EUR": "1.09"},
		client: &http.Client{},
		source: s.Upstream("hang"),
	}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		if err := table.refresh(r.Context()); err != nil {
			w.Header().Set("Warning", "110 - stale")
		}
		fmt.Fprintln(w, table.rate("EUR"))
	})
}
