// Package workerpool is an image service whose workers are always busy: many goroutines
// sit at one line in one state, capture after capture, and none of them leaks.
package workerpool

import (
	"fmt"
	"hash/crc32"
	"net/http"
	"time"

	"example.com/zoo/service"
)

type job struct {
	pixels []byte
	done   chan uint32
}

type pool struct{ jobs chan job }

func newPool(workers int) *pool {
	p := &pool{jobs: make(chan job, 16)}
	for i := 0; i < workers; i++ {
		go p.work()
	}
	return p
}

func (p *pool) work() {
	for j := range p.jobs {
		time.Sleep(20 * time.Millisecond)
		j.done <- crc32.ChecksumIEEE(j.pixels)
	}
}

// Healthy resizes on 40 workers that live as long as the service.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	resizers := newPool(40)
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		j := job{pixels: make([]byte, 4<<10), done: make(chan uint32, 1)}
		select {
		case resizers.jobs <- j:
			fmt.Fprintln(w, <-j.done)
		case <-r.Context().Done():
		}
	})
}
