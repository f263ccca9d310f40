// Package mapcache is a documents service that caches what it rendered.
package mapcache

import (
	"net/http"
	"sync"

	"example.com/zoo/service"
)

type renderer struct {
	mu    sync.Mutex
	pages map[string][]byte
}

// page renders once per key; keys are as many as there are requests.
func (r *renderer) page(key string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if page, ok := r.pages[key]; ok {
		return page
	}
	page := render(key)
	r.pages[key] = page
	return page
}

func render(key string) []byte {
	page := make([]byte, 256<<10) // leak: stuck here
	copy(page, key)
	return page
}

// Leaky has a cache without a bound.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	documents := &renderer{pages: map[string][]byte{}}
	s.Handle("/page", func(w http.ResponseWriter, r *http.Request) {
		w.Write(documents.page(r.URL.RawQuery)[:64])
	})
}
