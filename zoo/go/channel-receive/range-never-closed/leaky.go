// Package rangeneverclosed is a billing service that prices an invoice in parallel.
package rangeneverclosed

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"example.com/zoo/service"
)

type line struct{ cents, units int64 }

type pricer struct {
	lines chan line
	total atomic.Int64
	done  sync.WaitGroup
}

func (p *pricer) work() {
	for l := range p.lines { // leak: stuck here
		p.total.Add(l.cents * l.units)
		p.done.Done()
	}
}

// price waits for the lines, not for the workers, and never closes their channel.
func price(lines []line) int64 {
	p := &pricer{lines: make(chan line)}
	for worker := 0; worker < 3; worker++ {
		go p.work() // leak: started here
	}
	p.done.Add(len(lines))
	for _, l := range lines {
		p.lines <- l
	}
	p.done.Wait()
	return p.total.Load()
}

// Leaky starts three workers per invoice.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	invoice := []line{{199, 3}, {4_950, 1}, {25, 40}, {1_000, 2}}
	s.Handle("/invoice", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, price(invoice))
	})
}
