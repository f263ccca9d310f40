// Package sqlfake is a database/sql driver without a database: every query has three
// rows, every statement and row takes the latency given as data source name ("5ms").
package sqlfake

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"time"
)

func init() { sql.Register("fake", fakeDriver{}) }

var errPrepared = errors.New("sqlfake: prepared statements are not supported")

type fakeDriver struct{}

func (fakeDriver) Open(dataSource string) (driver.Conn, error) {
	latency, err := time.ParseDuration(dataSource)
	return &conn{latency: latency}, err
}

type conn struct{ latency time.Duration }

func (c *conn) Prepare(string) (driver.Stmt, error) { return nil, errPrepared }
func (c *conn) Close() error                        { return nil }
func (c *conn) Begin() (driver.Tx, error)           { return tx{}, nil }

func (c *conn) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) { return tx{}, nil }

func (c *conn) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	time.Sleep(c.latency)
	return &rows{left: 3}, nil
}

func (c *conn) ExecContext(context.Context, string, []driver.NamedValue) (driver.Result, error) {
	time.Sleep(c.latency)
	return driver.RowsAffected(1), nil
}

type tx struct{}

func (tx) Commit() error   { return nil }
func (tx) Rollback() error { return nil }

type rows struct{ left int64 }

func (r *rows) Columns() []string { return []string{"id"} }
func (r *rows) Close() error      { return nil }

func (r *rows) Next(row []driver.Value) error {
	if r.left == 0 {
		return io.EOF
	}
	row[0] = r.left
	r.left--
	return nil
}
