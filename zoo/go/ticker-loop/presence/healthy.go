package presence

import (
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// Healthy takes the user offline with the request.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/online", func(w http.ResponseWriter, r *http.Request) {
		u := &user{
			name:   r.URL.Query().Get("id"),
			ticker: time.NewTicker(60 * time.Millisecond),
			gone:   make(chan struct{}),
		}
		go u.beat()
		defer close(u.gone)
		time.Sleep(5 * time.Millisecond)
		fmt.Fprintln(w, u.name)
	})
}
