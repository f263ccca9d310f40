package afterselect

import (
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

func (c *cart) autosaveUntilClosed() {
	timer := time.NewTimer(50 * time.Millisecond)
	defer timer.Stop()
	for {
		select {
		case _, open := <-c.items:
			if !open {
				return
			}
		case <-timer.C:
			c.saved++
			timer.Reset(50 * time.Millisecond)
		}
	}
}

// Healthy closes the cart.
func Healthy(s *service.Service) {
	s.Handle("/cart", func(w http.ResponseWriter, r *http.Request) {
		c := &cart{items: make(chan string)}
		go c.autosaveUntilClosed()
		defer close(c.items)
		c.items <- "book"
		fmt.Fprintln(w, "saved")
	})
}
