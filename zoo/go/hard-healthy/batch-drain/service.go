// Package batchdrain is an e-mail service that sends in batches: goroutines pile up
// until a batch is full, and then they are all gone.
package batchdrain

import (
	"net/http"
	"sync"
	"time"

	"example.com/zoo/service"
)

type batch struct {
	full chan struct{}
	size int
}

type outbox struct {
	mu   sync.Mutex
	open *batch
}

// add waits until the batch that the letter is in has been sent.
func (o *outbox) add(letter string) {
	o.mu.Lock()
	own := o.open
	own.size++
	if own.size == 50 {
		close(own.full)
		o.open = &batch{full: make(chan struct{})}
	}
	o.mu.Unlock()
	<-own.full
}

// flush sends what there is, so that no letter waits for long.
func (o *outbox) flush(every time.Duration) {
	for range time.Tick(every) {
		o.mu.Lock()
		close(o.open.full)
		o.open = &batch{full: make(chan struct{})}
		o.mu.Unlock()
	}
}

// Healthy accepts at once and sends when a batch is full, or after 800 ms.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	letters := &outbox{open: &batch{full: make(chan struct{})}}
	go letters.flush(800 * time.Millisecond)
	s.Handle("/send", func(w http.ResponseWriter, r *http.Request) {
		go letters.add(r.URL.Query().Get("id"))
		w.WriteHeader(http.StatusAccepted)
	})
}
