// Package transfer is a bank that moves money both ways at once.
package transfer

import (
	"net/http"
	"sync"
	"time"

	"example.com/zoo/service"
)

type account struct {
	mu    sync.Mutex
	cents int64
}

// move locks in the order of its arguments.
func move(from, to *account, cents int64) {
	from.mu.Lock()
	defer from.mu.Unlock()
	checkLimits()
	to.mu.Lock() // leak: stuck here
	defer to.mu.Unlock()
	from.cents -= cents
	to.cents += cents
}

func checkLimits() { time.Sleep(20 * time.Millisecond) }

// Leaky settles two accounts against each other, one transfer in each direction.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/settle", func(w http.ResponseWriter, r *http.Request) {
		ours, theirs := &account{cents: 500}, &account{cents: 700}
		go move(ours, theirs, 20) // leak: started here
		go move(theirs, ours, 30) // leak: started here
		w.WriteHeader(http.StatusAccepted)
	})
}
