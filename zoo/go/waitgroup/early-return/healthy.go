package earlyreturn

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

func (a *album) renderAndCount(size int) error {
	defer a.wg.Done()
	if size < 32 {
		return errTooSmall
	}
	return nil
}

// Healthy counts failures as done, too.
func Healthy(s *service.Service) {
	s.ServeExpvar()
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		a := &album{sizes: []int{512, 128, 16}}
		a.wg.Add(len(a.sizes))
		for _, size := range a.sizes {
			go a.renderAndCount(size)
		}
		go a.publishWhenReady()
		fmt.Fprintln(w, "rendering")
	})
}
