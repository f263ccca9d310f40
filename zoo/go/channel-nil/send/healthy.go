package send

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

// Healthy reads the progress of each export.
func Healthy(s *service.Service) {
	s.ServeExpvar()
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		steps := make(chan progress)
		go func() {
			defer close(steps)
			export(options{rows: 10, progress: steps})
		}()
		last := progress{}
		for step := range steps {
			last = step
		}
		fmt.Fprintln(w, last.percent)
	})
}
