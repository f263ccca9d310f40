// Package reader is an uploads service that scans what it stores.
package reader

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"

	"example.com/zoo/service"
)

type scanner struct{ digests chan [32]byte }

// scan reads to the end, and the end never comes.
func (s *scanner) scan(content io.Reader) {
	hash := sha256.New()
	if _, err := io.Copy(hash, content); err != nil { // leak: stuck here
		return
	}
	var digest [32]byte
	copy(digest[:], hash.Sum(nil))
	s.digests <- digest
}

// Leaky writes the upload through a pipe and forgets to close it.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	virus := &scanner{digests: make(chan [32]byte, 1)}
	s.Handle("/upload", func(w http.ResponseWriter, r *http.Request) {
		content, sink := io.Pipe()
		go virus.scan(content) // leak: started here
		n, _ := io.Copy(sink, strings.NewReader(r.URL.RawQuery))
		fmt.Fprintln(w, n)
	})
}
