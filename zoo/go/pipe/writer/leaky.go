// Package writer is an export service that uploads while it writes.
package writer

import (
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"strconv"

	"example.com/zoo/service"
)

var errQuota = errors.New("upload: over quota")

func writeRows(to *io.PipeWriter, rows int) {
	table := csv.NewWriter(to)
	for row := 0; row < rows; row++ {
		table.Write([]string{strconv.Itoa(row), "product", "1999"})
	}
	table.Flush() // leak: stuck here
	to.Close()
}

// upload reads a little and fails; the writer of the pipe is not told.
func upload(from io.Reader) error {
	head := make([]byte, 16)
	if _, err := io.ReadFull(from, head); err != nil {
		return err
	}
	return errQuota
}

// Leaky exports to a store that refuses.
func Leaky(s *service.Service) {
	s.Handle("/export", func(w http.ResponseWriter, r *http.Request) {
		from, to := io.Pipe()
		go writeRows(to, 20) // leak: started here
		if err := upload(from); err != nil {
			http.Error(w, err.Error(), http.StatusInsufficientStorage)
		}
	})
}
