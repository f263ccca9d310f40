package twochannels

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

// Healthy leaves the room with the request.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/rooms", func(w http.ResponseWriter, r *http.Request) {
		f := &follower{messages: make(chan string), kicks: make(chan string)}
		go f.follow()
		defer close(f.kicks)
		f.messages <- "joined"
		fmt.Fprintln(w, "following")
	})
}
