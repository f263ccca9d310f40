package reader

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"example.com/zoo/service"
)

// Healthy closes the pipe and takes the digest.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/upload", func(w http.ResponseWriter, r *http.Request) {
		virus := &scanner{digests: make(chan [32]byte, 1)}
		content, sink := io.Pipe()
		go virus.scan(content)
		n, err := io.Copy(sink, strings.NewReader(r.URL.RawQuery))
		sink.CloseWithError(err)
		fmt.Fprintf(w, "%d %x\n", n, <-virus.digests)
	})
}
