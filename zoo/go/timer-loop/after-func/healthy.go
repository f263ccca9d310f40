package afterfunc

import (
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// Healthy pays in time, so the function ends.
func Healthy(s *service.Service) {
	s.Handle("/reserve", func(w http.ResponseWriter, r *http.Request) {
		held := &reservation{seat: r.URL.Query().Get("id")}
		time.AfterFunc(5*time.Millisecond, held.expire)
		held.paid.Store(true)
		fmt.Fprintln(w, held.seat)
	})
}
