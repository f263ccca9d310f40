package firstrow

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

func (o *orderStore) newestAndClose(ctx context.Context, user string) (int64, error) {
	rows, err := o.db.QueryContext(ctx, "select id from orders where user = ? order by id desc", user)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if !rows.Next() {
		return 0, errNoOrder
	}
	var id int64
	return id, rows.Scan(&id)
}

// Healthy closes its rows.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	db, err := sql.Open("fake", "1ms")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(500)
	orders := &orderStore{db: db}
	s.Handle("/newest", func(w http.ResponseWriter, r *http.Request) {
		id, err := orders.newestAndClose(s.Context(), r.URL.Query().Get("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		fmt.Fprintln(w, id)
	})
}
