package transfer

import (
	"net/http"
	"sync"

	"example.com/zoo/service"
)

// ledger orders its transfers with one lock for all accounts.
type ledger struct{ mu sync.Mutex }

func (l *ledger) move(from, to *account, cents int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from.cents -= cents
	to.cents += cents
}

// Healthy has one order of locking.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	book := &ledger{}
	s.Handle("/settle", func(w http.ResponseWriter, r *http.Request) {
		ours, theirs := &account{cents: 500}, &account{cents: 700}
		go book.move(ours, theirs, 20)
		go book.move(theirs, ours, 30)
		w.WriteHeader(http.StatusAccepted)
	})
}
