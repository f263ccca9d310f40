// Package connkept is a locks service that takes a connection for advisory locks.
package connkept

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"example.com/zoo/service"
	_ "example.com/zoo/sqlfake"
)

type locker struct{ db *sql.DB }

// acquire keeps its connection when the lock is taken already.
func (l *locker) acquire(ctx context.Context, name string) (bool, error) {
	conn, err := l.db.Conn(ctx) // leak: stuck here
	if err != nil {
		return false, err
	}
	result, err := conn.ExecContext(ctx, "select pg_try_advisory_lock(?)", name)
	if err != nil {
		return false, err
	}
	if taken, _ := result.RowsAffected(); taken == 1 {
		return false, nil
	}
	return true, conn.Close()
}

// Leaky asks for locks that are taken.
func Leaky(s *service.Service) {
	db, err := sql.Open("fake", "1ms")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(5)
	locks := &locker{db: db}
	s.Handle("/lock", func(w http.ResponseWriter, r *http.Request) {
		ok, err := locks.acquire(context.Background(), r.URL.Query().Get("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, ok)
	})
}
