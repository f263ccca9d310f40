// Package service is the chassis that every zoo service runs on: one mux with the
// business routes, net/http/pprof, and (on some) Prometheus text or expvar.
package service

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// Build registers the routes of one service and starts its background work.
type Build func(s *Service)

// Service is one running API service.
type Service struct {
	mux      *http.ServeMux
	ctx      context.Context
	requests atomic.Int64
	stops    []func()
}

// Context lives as long as the service.
func (s *Service) Context() context.Context { return s.ctx }

// OnStop runs stop at shutdown, last registered first.
func (s *Service) OnStop(stop func()) { s.stops = append(s.stops, stop) }

// Handle mounts a business route; its requests are counted. "/" is the root alone.
func (s *Service) Handle(pattern string, handler http.HandlerFunc) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != pattern {
			http.NotFound(w, r)
			return
		}
		s.requests.Add(1)
		handler(w, r)
	})
}

// Run serves on addr until SIGTERM or SIGINT and prints the address that it got.
func Run(addr string, build Build) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	s := &Service{mux: http.NewServeMux(), ctx: ctx}
	s.mux.HandleFunc("/debug/pprof/", pprof.Index)
	s.mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	s.mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	s.mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	s.mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	s.mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	build(s)

	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s.mux, ReadHeaderTimeout: 5 * time.Second}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-ctx.Done()
		s.shutdown(server)
	}()
	fmt.Printf("listening http://%s\n", listener.Addr())
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	<-stopped
	return nil
}

// shutdown is bounded: handlers that are stuck for good must not keep the process.
func (s *Service) shutdown(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		server.Close()
	}
	for i := len(s.stops) - 1; i >= 0; i-- {
		s.stops[i]()
	}
}
