// Package norollback is a stock service that books units in a transaction.
package norollback

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"

	"example.com/zoo/service"
	_ "example.com/zoo/sqlfake"
)

var errOversold = errors.New("oversold")

type stock struct{ db *sql.DB }

// book leaves the transaction open when there are too few units.
func (s *stock) book(ctx context.Context, units int64) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, "update stock set units = units - ?", units)
	if err != nil {
		return err
	}
	if booked, err := result.RowsAffected(); err != nil || booked < units {
		return errOversold
	}
	return tx.Commit()
}

// Leaky books more than there is.
func Leaky(s *service.Service) {
	db, err := sql.Open("fake", "1ms")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(400)
	units := &stock{db: db}
	s.Handle("/book", func(w http.ResponseWriter, r *http.Request) {
		if err := units.book(context.Background(), 5); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		fmt.Fprintln(w, "booked")
	})
}
