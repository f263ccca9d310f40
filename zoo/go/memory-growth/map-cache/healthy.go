package mapcache

import (
	"net/http"

	"example.com/zoo/service"
)

const pagesMax = 12

// boundedPage forgets some page when the cache is full.
func (r *renderer) boundedPage(key string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	for old := range r.pages {
		if len(r.pages) < pagesMax {
			break
		}
		delete(r.pages, old)
	}
	page := render(key)
	r.pages[key] = page
	return page
}

// Healthy caches twelve pages.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	documents := &renderer{pages: map[string][]byte{}}
	s.Handle("/page", func(w http.ResponseWriter, r *http.Request) {
		w.Write(documents.boundedPage(r.URL.RawQuery)[:64])
	})
}
