// Package peraccount is an accounts service where each account has its own lock.
package peraccount

import (
	"fmt"
	"net/http"
	"sync"

	"example.com/zoo/service"
)

type account struct {
	mu    sync.Mutex
	id    string
	cents int64
}

// Balance locks.
func (a *account) Balance() int64 {
	a.mu.Lock() // leak: stuck here
	defer a.mu.Unlock()
	return a.cents
}

// Withdraw locks and then calls Balance, which locks again.
func (a *account) Withdraw(cents int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if balance := a.Balance(); balance < cents {
		return fmt.Errorf("account %s holds only %d", a.id, balance)
	}
	a.cents -= cents
	return nil
}

// Leaky withdraws from an account of its own per request.
func Leaky(s *service.Service) {
	s.Handle("/withdraw", func(w http.ResponseWriter, r *http.Request) {
		a := &account{id: r.URL.Query().Get("id"), cents: 10_000}
		if err := a.Withdraw(250); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		fmt.Fprintln(w, a.Balance())
	})
}
