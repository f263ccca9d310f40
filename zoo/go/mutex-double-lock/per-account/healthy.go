package peraccount

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

// withdraw looks at the balance under the lock that it holds.
func (a *account) withdraw(cents int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cents < cents {
		return fmt.Errorf("account %s holds only %d", a.id, a.cents)
	}
	a.cents -= cents
	return nil
}

// Healthy locks once.
func Healthy(s *service.Service) {
	s.Handle("/withdraw", func(w http.ResponseWriter, r *http.Request) {
		a := &account{id: r.URL.Query().Get("id"), cents: 10_000}
		if err := a.withdraw(250); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		fmt.Fprintln(w, a.Balance())
	})
}
