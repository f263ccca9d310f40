// Package substring is an ingest service that keeps the trace id of each payload.
package substring

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"example.com/zoo/service"
)

type journal struct {
	mu       sync.Mutex
	traceIDs []string
}

// keep holds sixteen characters, and with them the payload that they are a part of.
func (j *journal) keep(payload string) int {
	start := strings.Index(payload, "trace=") + len("trace=")
	j.mu.Lock()
	defer j.mu.Unlock()
	j.traceIDs = append(j.traceIDs, payload[start:start+16])
	return len(j.traceIDs)
}

func receive(id string) string {
	var payload strings.Builder
	payload.Grow(200 << 10) // leak: stuck here
	payload.WriteString("trace=" + id + strings.Repeat("0", 16) + "&body=")
	for payload.Len() < 190<<10 {
		payload.WriteString("lorem ipsum dolor sit amet ")
	}
	return payload.String()
}

// Leaky keeps substrings.
func Leaky(s *service.Service) {
	seen := &journal{}
	s.Handle("/ingest", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, seen.keep(receive(r.URL.Query().Get("id"))))
	})
}
