// Package timeouthandler is a service behind http.TimeoutHandler: every request is two
// goroutines, and the inner one may outlive the answer by a little.
package timeouthandler

import (
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// render is slower than its time limit for every other page.
func render(w http.ResponseWriter, r *http.Request) {
	pause := 30 * time.Millisecond
	if len(r.URL.RawQuery)%2 == 0 {
		pause = 240 * time.Millisecond
	}
	time.Sleep(pause)
	fmt.Fprintln(w, "page")
}

// Healthy answers 503 after 120 ms and lets the page finish in the background.
func Healthy(s *service.Service) {
	s.ServeExpvar()
	pages := http.TimeoutHandler(http.HandlerFunc(render), 120*time.Millisecond, "too slow")
	s.Handle("/page", pages.ServeHTTP)
}
