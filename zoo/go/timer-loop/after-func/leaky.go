// Package afterfunc is a reservations service that expires what is not paid.
package afterfunc

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"example.com/zoo/service"
)

type reservation struct {
	seat string
	paid atomic.Bool
}

// expire waits until the seat is paid, which it never is.
func (r *reservation) expire() {
	for !r.paid.Load() {
		time.Sleep(25 * time.Millisecond) // leak: stuck here
	}
}

// Leaky arms a timer per reservation whose function never returns.
func Leaky(s *service.Service) {
	s.Handle("/reserve", func(w http.ResponseWriter, r *http.Request) {
		held := &reservation{seat: r.URL.Query().Get("id")}
		time.AfterFunc(5*time.Millisecond, held.expire)
		fmt.Fprintln(w, held.seat)
	})
}
