package customcontext

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

// Healthy stops each charge when it is done.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	closing := make(chan struct{})
	s.Handle("/charges", func(w http.ResponseWriter, r *http.Request) {
		c := begin(detached{values: r.Context(), done: closing})
		defer c.stop()
		fmt.Fprintln(w, "charged", c.ctx.Err() == nil)
	})
}
