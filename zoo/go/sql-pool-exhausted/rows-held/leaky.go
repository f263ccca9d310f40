// Package rowsheld is a search service with a small connection pool.
package rowsheld

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"example.com/zoo/service"
	_ "example.com/zoo/sqlfake"
)

type searcher struct{ db *sql.DB }

// exists leaves its rows open, and so its connection taken.
func (s *searcher) exists(ctx context.Context, term string) (bool, error) {
	rows, err := s.db.QueryContext(ctx, "select id from terms where term = ?", term) // leak: stuck here
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// Leaky has six connections and keeps each for ever.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	db, err := sql.Open("fake", "1ms")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(6)
	terms := &searcher{db: db}
	s.Handle("/exists", func(w http.ResponseWriter, r *http.Request) {
		found, err := terms.exists(s.Context(), r.URL.Query().Get("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, found)
	})
}
