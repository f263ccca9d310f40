// Package startuptickers is a monitoring service with a ticker for each of its probes.
package startuptickers

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"example.com/zoo/service"
)

type probe struct {
	host  string
	every time.Duration
	runs  atomic.Int64
}

func (p *probe) watch(ctx context.Context) {
	ticker := time.NewTicker(p.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			p.runs.Add(1)
		}
	}
}

// janitor sleeps most of the time.
func janitor() {
	for {
		time.Sleep(100 * time.Millisecond)
	}
}

// Healthy starts thirty probes and a janitor, once.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	var probes []*probe
	for i := 0; i < 30; i++ {
		p := &probe{host: fmt.Sprintf("host-%d", i), every: time.Duration(50+10*i) * time.Millisecond}
		probes = append(probes, p)
		go p.watch(s.Context())
	}
	go janitor()
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		p := probes[len(r.URL.RawQuery)%len(probes)]
		fmt.Fprintln(w, p.host, p.runs.Load())
	})
}
