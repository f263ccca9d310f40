// Package closures is an uploads service that registers a clean-up for each upload.
package closures

import (
	"fmt"
	"net/http"
	"sync"

	"example.com/zoo/service"
)

var (
	cleanupsLock sync.Mutex
	cleanups     []func()
)

// onExit registers for the end of the process, which is far.
func onExit(cleanup func()) {
	cleanupsLock.Lock()
	defer cleanupsLock.Unlock()
	cleanups = append(cleanups, cleanup)
}

type upload struct{ chunks [][]byte }

func (u *upload) discard() { u.chunks = nil }

func accept() *upload {
	u := &upload{}
	for chunk := 0; chunk < 4; chunk++ {
		u.chunks = append(u.chunks, make([]byte, 64<<10)) // leak: stuck here
	}
	return u
}

// Leaky registers each upload's clean-up in a global list.
func Leaky(s *service.Service) {
	s.ServeExpvar()
	s.Handle("/upload", func(w http.ResponseWriter, r *http.Request) {
		u := accept()
		onExit(func() { u.discard() })
		fmt.Fprintln(w, len(u.chunks))
	})
}
