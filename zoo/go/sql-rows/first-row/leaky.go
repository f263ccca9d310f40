// Package firstrow is an orders service that asks for the newest order.
package firstrow

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"

	"example.com/zoo/service"
	_ "example.com/zoo/sqlfake"
)

var errNoOrder = errors.New("no such order")

type orderStore struct{ db *sql.DB }

// newest takes the first of several rows and never closes them.
func (o *orderStore) newest(ctx context.Context, user string) (int64, error) {
	rows, err := o.db.QueryContext(ctx, "select id from orders where user = ? order by id desc", user)
	if err != nil {
		return 0, err
	}
	if !rows.Next() {
		return 0, errNoOrder
	}
	var id int64
	return id, rows.Scan(&id)
}

// Leaky queries with the service's context, as work that outlives its request does.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	db, err := sql.Open("fake", "1ms")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(500)
	orders := &orderStore{db: db}
	s.Handle("/newest", func(w http.ResponseWriter, r *http.Request) {
		id, err := orders.newest(s.Context(), r.URL.Query().Get("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		fmt.Fprintln(w, id)
	})
}
