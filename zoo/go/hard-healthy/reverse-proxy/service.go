// Package reverseproxy is an edge service in front of a backend that streams.
package reverseproxy

import (
	"net/http/httputil"
	"net/url"

	"example.com/zoo/service"
)

// Healthy proxies with the standard library; streams end with their client.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	streams := &url.URL{Scheme: "http", Host: s.Upstream("stream")}
	files := &url.URL{Scheme: "http", Host: s.Upstream("json")}
	s.Handle("/stream", httputil.NewSingleHostReverseProxy(streams).ServeHTTP)
	s.Handle("/", httputil.NewSingleHostReverseProxy(files).ServeHTTP)
}
