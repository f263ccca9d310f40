package selectdone

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// Healthy ends the watch that it began.
func Healthy(s *service.Service) {
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		changes, stop := watch(context.Background(), time.Minute)
		defer stop()
		fmt.Fprintln(w, (<-changes).units)
	})
}
