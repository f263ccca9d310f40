// Package presence is a presence service that beats for each user who is online.
package presence

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"example.com/zoo/service"
)

var beats atomic.Int64

type user struct {
	name   string
	ticker *time.Ticker
	gone   chan struct{}
}

// beat has a case for leaving, which the caller never uses.
func (u *user) beat() {
	for {
		select { // leak: stuck here
		case <-u.ticker.C:
			beats.Add(1)
		case <-u.gone:
			u.ticker.Stop()
			return
		}
	}
}

// Leaky brings a user online per request and never takes one offline.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/online", func(w http.ResponseWriter, r *http.Request) {
		u := &user{
			name:   r.URL.Query().Get("id"),
			ticker: time.NewTicker(60 * time.Millisecond),
			gone:   make(chan struct{}),
		}
		go u.beat() // leak: started here
		fmt.Fprintln(w, u.name)
	})
}
