// Package open is a tenants service where each tenant has a database.
package open

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"example.com/zoo/service"
	_ "example.com/zoo/sqlfake"
)

// count opens the tenant's database and forgets to close it.
func count(ctx context.Context) (int64, error) {
	db, err := sql.Open("fake", "1ms")
	if err != nil {
		return 0, err
	}
	var users int64
	err = db.QueryRowContext(ctx, "select count(*) from users").Scan(&users)
	return users, err
}

// Leaky opens a database per request.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/count", func(w http.ResponseWriter, r *http.Request) {
		users, err := count(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, users)
	})
}
