package proxy

import (
	"context"
	"io"
	"net/http"
	"time"

	"example.com/zoo/service"
)

func (b backend) forwardWithin(ctx context.Context, w http.ResponseWriter, path string) {
	ctx, cancel := context.WithTimeout(ctx, 60*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base+path, nil)
	if err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		http.Error(w, "bad gateway", http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	io.Copy(w, resp.Body)
}

// Healthy gives the backend 60 ms.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	users := backend{base: "http://" + s.Upstream("hang")}
	s.Handle("/users", func(w http.ResponseWriter, r *http.Request) {
		users.forwardWithin(r.Context(), w, r.URL.Path)
	})
}
