package writer

import (
	"io"
	"net/http"

	"example.com/zoo/service"
)

// Healthy closes its end of the pipe, which ends the writer.
func Healthy(s *service.Service) {
	s.Handle("/export", func(w http.ResponseWriter, r *http.Request) {
		from, to := io.Pipe()
		defer from.Close()
		go writeRows(to, 20)
		if err := upload(from); err != nil {
			http.Error(w, err.Error(), http.StatusInsufficientStorage)
		}
	})
}
