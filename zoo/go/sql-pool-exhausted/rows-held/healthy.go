package rowsheld

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

func (s *searcher) existsAndClose(ctx context.Context, term string) (bool, error) {
	rows, err := s.db.QueryContext(ctx, "select id from terms where term = ?", term)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// Healthy gives each of its six connections back.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	db, err := sql.Open("fake", "1ms")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(6)
	terms := &searcher{db: db}
	s.Handle("/exists", func(w http.ResponseWriter, r *http.Request) {
		found, err := terms.existsAndClose(s.Context(), r.URL.Query().Get("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, found)
	})
}
