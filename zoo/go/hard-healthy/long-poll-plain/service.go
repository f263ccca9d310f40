// Package longpollplain is a deployment service whose clients wait for one event, on a
// plain channel receive; the server drops it when they disconnect.
package longpollplain

import (
	"fmt"
	"net/http"
	"sync"

	"example.com/zoo/service"
)

type waiters struct {
	mu   sync.Mutex
	each map[int]chan string
	next int
}

func (w *waiters) join() (int, chan string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next++
	w.each[w.next] = make(chan string, 1)
	return w.next, w.each[w.next]
}

func (w *waiters) leave(id int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if answer, ok := w.each[id]; ok {
		delete(w.each, id)
		close(answer)
	}
}

// Healthy answers all who wait when a deployment ends, or drops them as they go.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	clients := &waiters{each: map[int]chan string{}}
	s.Handle("/wait", func(w http.ResponseWriter, r *http.Request) {
		id, answer := clients.join()
		go func() {
			<-r.Context().Done()
			clients.leave(id)
		}()
		fmt.Fprintln(w, <-answer)
	})
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "deploying") })
}
