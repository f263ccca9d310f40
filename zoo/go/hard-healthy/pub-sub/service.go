// Package pubsub is a prices service with subscribers inside the process.
package pubsub

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"example.com/zoo/service"
)

type subscription[T any] struct{ events chan T }

type topic[T any] struct {
	mu            sync.RWMutex
	subscriptions map[*subscription[T]]bool
}

func (t *topic[T]) subscribe(handle func(T)) *subscription[T] {
	own := &subscription[T]{events: make(chan T, 4)}
	t.mu.Lock()
	t.subscriptions[own] = true
	t.mu.Unlock()
	go func() {
		for event := range own.events {
			handle(event)
		}
	}()
	return own
}

func (t *topic[T]) unsubscribe(own *subscription[T]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.subscriptions, own)
	close(own.events)
}

func (t *topic[T]) publish(event T) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for own := range t.subscriptions {
		own.events <- event
	}
}

// Healthy has 25 subscribers from the start, and one that comes and goes with each request.
func Healthy(s *service.Service) {
	prices := &topic[int]{subscriptions: map[*subscription[int]]bool{}}
	var seen atomic.Int64
	for i := 0; i < 25; i++ {
		prices.subscribe(func(int) { seen.Add(1) })
	}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		guest := prices.subscribe(func(int) { seen.Add(1) })
		defer prices.unsubscribe(guest)
		prices.publish(1_999)
		fmt.Fprintln(w, seen.Load())
	})
}
