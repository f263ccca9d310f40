// Package send is an export service that reports its progress.
package send

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

type progress struct{ percent int }

// options may carry a channel for progress; most callers set none.
type options struct {
	rows     int
	progress chan<- progress
}

func export(o options) {
	for row := 0; row < o.rows; row++ {
		report(o, row)
	}
}

func report(o options, row int) {
	o.progress <- progress{percent: 100 * row / o.rows} // leak: stuck here
}

// Leaky exports without a progress channel.
func Leaky(s *service.Service) {
	s.ServeExpvar()
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		go export(options{rows: 10}) // leak: started here
		fmt.Fprintln(w, "export started")
	})
}
