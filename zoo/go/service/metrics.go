package service

import (
	"expvar"
	"fmt"
	"net/http"
	"runtime"
)

// ServeMetrics mounts /metrics in the Prometheus text format.
func (s *Service) ServeMetrics() {
	s.mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		fmt.Fprintln(w, "# HELP http_requests_total Requests received.")
		fmt.Fprintln(w, "# TYPE http_requests_total counter")
		fmt.Fprintf(w, "http_requests_total{method=\"get\"} %d\n", s.requests.Load())
		fmt.Fprintln(w, "# HELP go_goroutines Number of goroutines that currently exist.")
		fmt.Fprintln(w, "# TYPE go_goroutines gauge")
		fmt.Fprintf(w, "go_goroutines %d\n", runtime.NumGoroutine())
	})
}

// ServeExpvar mounts /debug/vars with the request counter beside memstats.
func (s *Service) ServeExpvar() {
	expvar.Publish("http_requests_total", expvar.Func(func() any { return s.requests.Load() }))
	expvar.Publish("goroutines", expvar.Func(func() any { return runtime.NumGoroutine() }))
	s.mux.Handle("/debug/vars", expvar.Handler())
}
