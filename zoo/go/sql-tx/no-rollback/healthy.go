package norollback

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

func (s *stock) bookOrRollback(ctx context.Context, units int64) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	result, err := tx.ExecContext(ctx, "update stock set units = units - ?", units)
	if err != nil {
		return err
	}
	if booked, err := result.RowsAffected(); err != nil || booked < units {
		return errOversold
	}
	return tx.Commit()
}

// Healthy rolls back whatever it does not commit.
func Healthy(s *service.Service) {
	db, err := sql.Open("fake", "1ms")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(400)
	units := &stock{db: db}
	s.Handle("/book", func(w http.ResponseWriter, r *http.Request) {
		if err := units.bookOrRollback(context.Background(), 5); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		fmt.Fprintln(w, "booked")
	})
}
