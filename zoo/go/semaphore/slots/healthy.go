package slots

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

func (c *converter) convertAndRelease(format string) error {
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
	if format != "pdf" {
		return errUnknownFormat
	}
	return nil
}

// Healthy gives every slot back.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	c := &converter{slots: make(chan struct{}, 4)}
	s.Handle("/convert", func(w http.ResponseWriter, r *http.Request) {
		if err := c.convertAndRelease(r.URL.Query().Get("format")); err != nil {
			http.Error(w, err.Error(), http.StatusUnsupportedMediaType)
			return
		}
		fmt.Fprintln(w, "converted")
	})
}
