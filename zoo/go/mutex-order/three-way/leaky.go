// Package threeway is a warehouse whose stock, orders and shipments lock each other.
package threeway

import (
	"net/http"
	"sync"
	"time"

	"example.com/zoo/service"
)

type ledger struct {
	sync.Mutex
	entries int
}

type warehouse struct{ stock, orders, shipments ledger }

// both books in two ledgers, in the order given.
func both(first, second *ledger) {
	first.Lock()
	defer first.Unlock()
	time.Sleep(25 * time.Millisecond)
	second.Lock() // leak: stuck here
	defer second.Unlock()
	first.entries++
	second.entries++
}

func (h *warehouse) pick()  { both(&h.stock, &h.orders) }
func (h *warehouse) pack()  { both(&h.orders, &h.shipments) }
func (h *warehouse) count() { both(&h.shipments, &h.stock) }

// Leaky locks in a circle, in a warehouse of its own per request.
func Leaky(s *service.Service) {
	s.Handle("/night", func(w http.ResponseWriter, r *http.Request) {
		h := &warehouse{}
		for _, task := range []func(){h.pick, h.pack, h.count} {
			go task() // leak: started here
		}
		w.WriteHeader(http.StatusAccepted)
	})
}
