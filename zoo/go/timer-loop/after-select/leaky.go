// Package afterselect is a carts service that saves each cart now and then.
package afterselect

import (
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

type cart struct {
	items chan string
	saved int
}

// autosave makes a new timer in every round and has no way out.
func (c *cart) autosave() {
	for {
		select { // leak: stuck here
		case <-c.items:
		case <-time.After(50 * time.Millisecond):
			c.saved++
		}
	}
}

// Leaky autosaves the cart of every request, for ever.
func Leaky(s *service.Service) {
	s.Handle("/cart", func(w http.ResponseWriter, r *http.Request) {
		c := &cart{items: make(chan string)}
		go c.autosave() // leak: started here
		c.items <- "book"
		fmt.Fprintln(w, "saved soon")
	})
}
