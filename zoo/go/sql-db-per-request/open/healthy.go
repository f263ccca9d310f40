package open

import (
	"database/sql"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

// Healthy opens two databases at start, a primary and a replica.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	primary, err := sql.Open("fake", "1ms")
	if err != nil {
		panic(err)
	}
	replica, err := sql.Open("fake", "2ms")
	if err != nil {
		panic(err)
	}
	s.Handle("/count", func(w http.ResponseWriter, r *http.Request) {
		var ours, theirs int64
		query := "select count(*) from users"
		if err := primary.QueryRowContext(r.Context(), query).Scan(&ours); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if err := replica.QueryRowContext(r.Context(), query).Scan(&theirs); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, ours, theirs)
	})
}
