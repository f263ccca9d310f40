// Package busydatabase is a reports service whose connection pool is always at its limit.
package busydatabase

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
	_ "example.com/zoo/sqlfake"
)

type reports struct{ db *sql.DB }

// total reads in a transaction and ends it either way.
func (r *reports) total(ctx context.Context) (sum int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, "select cents from sales")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var cents int64
		if err := rows.Scan(&cents); err != nil {
			return 0, err
		}
		sum += cents
	}
	return sum, rows.Err()
}

// Healthy makes its requests queue for one of five connections.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	db, err := sql.Open("fake", "45ms")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(5)
	sales := &reports{db: db}
	s.Handle("/total", func(w http.ResponseWriter, r *http.Request) {
		sum, err := sales.total(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, sum)
	})
}
