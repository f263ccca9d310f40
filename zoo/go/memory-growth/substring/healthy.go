package substring

import (
	"fmt"
	"net/http"
	"strings"

	"example.com/zoo/service"
)

// keepCopy copies the characters that it keeps, so the payload can go.
func (j *journal) keepCopy(payload string) int {
	start := strings.Index(payload, "trace=") + len("trace=")
	j.mu.Lock()
	defer j.mu.Unlock()
	j.traceIDs = append(j.traceIDs, strings.Clone(payload[start:start+16]))
	return len(j.traceIDs)
}

// Healthy keeps copies.
func Healthy(s *service.Service) {
	seen := &journal{}
	s.Handle("/ingest", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, seen.keepCopy(receive(r.URL.Query().Get("id"))))
	})
}
