// Package earlyreturn is a thumbnails service that renders several sizes at once.
package earlyreturn

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	"example.com/zoo/service"
)

type album struct {
	wg    sync.WaitGroup
	sizes []int
}

var errTooSmall = errors.New("too small")

// render forgets Done when it fails.
func (a *album) render(size int) error {
	if size < 32 {
		return errTooSmall
	}
	a.wg.Done()
	return nil
}

func (a *album) publishWhenReady() {
	a.wg.Wait() // leak: stuck here
	a.sizes = nil
}

// Leaky renders an album with one size that fails.
func Leaky(s *service.Service) {
	s.ServeExpvar()
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		a := &album{sizes: []int{512, 128, 16}}
		a.wg.Add(len(a.sizes))
		for _, size := range a.sizes {
			go a.render(size)
		}
		go a.publishWhenReady() // leak: started here
		fmt.Fprintln(w, "rendering")
	})
}
