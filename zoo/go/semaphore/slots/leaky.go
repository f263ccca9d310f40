// Package slots is a conversions service that allows four at a time.
package slots

import (
	"errors"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

var errUnknownFormat = errors.New("unknown format")

type converter struct{ slots chan struct{} }

// convert gives its slot back only when it succeeds.
func (c *converter) convert(format string) error {
	c.slots <- struct{}{} // leak: stuck here
	if format != "pdf" {
		return errUnknownFormat
	}
	<-c.slots
	return nil
}

// Leaky converts formats that it does not know.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	c := &converter{slots: make(chan struct{}, 4)}
	s.Handle("/convert", func(w http.ResponseWriter, r *http.Request) {
		if err := c.convert(r.URL.Query().Get("format")); err != nil {
			http.Error(w, err.Error(), http.StatusUnsupportedMediaType)
			return
		}
		fmt.Fprintln(w, "converted")
	})
}
