// Package factory is a profile service that makes its clients in a factory.
package factory

import (
	"io"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// newClient brings its own connection pool, every time.
func newClient() *http.Client {
	return &http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{MaxIdleConns: 10},
	}
}

func fetch(client *http.Client, url string) ([]byte, error) {
	resp, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// Leaky leaves one idle connection per client, and nobody to close it.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	profiles := "http://" + s.Upstream("json") + "/profiles"
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := fetch(newClient(), profiles)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.Write(body)
	})
}
