package tenantworkers

import (
	"fmt"
	"net/http"
	"strconv"

	"example.com/zoo/service"
)

// Healthy has four tenants, whose workers start at their first request and stay.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	all := &queues{byTenant: map[string]*queue{}}
	s.Handle("/enqueue", func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.Atoi(r.URL.Query().Get("id"))
		done := make(chan int, 1)
		all.of(strconv.Itoa(id % 4)).jobs <- func() { done <- id }
		fmt.Fprintln(w, <-done)
	})
}
