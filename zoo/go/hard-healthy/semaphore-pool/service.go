// Package semaphorepool is a PDF service with four slots and more work than slots.
package semaphorepool

import (
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

type printer struct{ slots chan struct{} }

func (p *printer) print() {
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	time.Sleep(45 * time.Millisecond)
}

// Healthy keeps a queue in front of its slots, which moves all the time.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	p := &printer{slots: make(chan struct{}, 4)}
	s.Handle("/print", func(w http.ResponseWriter, r *http.Request) {
		p.print()
		fmt.Fprintln(w, "printed")
	})
}
