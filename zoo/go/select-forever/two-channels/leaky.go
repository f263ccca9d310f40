// Package twochannels is a chat service that follows a room for each reader.
package twochannels

import (
	"fmt"
	"net/http"
	"sync"

	"example.com/zoo/service"
)

type follower struct {
	messages chan string
	kicks    chan string
	seen     []string
	mu       sync.Mutex
}

// follow has no case for a reader that is gone.
func (f *follower) follow() {
	for {
		select { // leak: stuck here
		case message := <-f.messages:
			f.mu.Lock()
			f.seen = append(f.seen, message)
			f.mu.Unlock()
		case <-f.kicks:
			return
		}
	}
}

// Leaky follows the room anew for each request and never leaves it.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/rooms", func(w http.ResponseWriter, r *http.Request) {
		f := &follower{messages: make(chan string), kicks: make(chan string)}
		go f.follow() // leak: started here
		f.messages <- "joined"
		fmt.Fprintln(w, "following")
	})
}
