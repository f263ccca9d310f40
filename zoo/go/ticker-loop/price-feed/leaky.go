// Package pricefeed is a quotes service that refreshes prices in the background.
package pricefeed

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"example.com/zoo/service"
)

type quote struct {
	symbol string
	cents  atomic.Int64
}

// refresh keeps the quote current, for ever.
func (q *quote) refresh(every time.Duration) {
	ticker := time.NewTicker(every)
	for range ticker.C { // leak: stuck here
		q.cents.Add(1)
	}
}

func follow(symbol string) *quote {
	q := &quote{symbol: symbol}
	q.cents.Store(10_000)
	go q.refresh(40 * time.Millisecond) // leak: started here
	return q
}

// Leaky follows a quote anew for every request.
func Leaky(s *service.Service) {
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		q := follow(r.URL.Query().Get("symbol"))
		fmt.Fprintf(w, "%s %d\n", q.symbol, q.cents.Load())
	})
}
