package connkept

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

func (l *locker) acquireAndReturn(ctx context.Context, name string) (bool, error) {
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	result, err := conn.ExecContext(ctx, "select pg_try_advisory_lock(?)", name)
	if err != nil {
		return false, err
	}
	taken, err := result.RowsAffected()
	return taken == 0, err
}

// Healthy returns every connection.
func Healthy(s *service.Service) {
	db, err := sql.Open("fake", "1ms")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(5)
	locks := &locker{db: db}
	s.Handle("/lock", func(w http.ResponseWriter, r *http.Request) {
		ok, err := locks.acquireAndReturn(context.Background(), r.URL.Query().Get("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, ok)
	})
}
