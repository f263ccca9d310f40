// Package rare is a tickets service that leaks for one request in twelve.
package rare

import (
	"fmt"
	"net/http"
	"strconv"

	"example.com/zoo/service"
)

type seatMap struct{ rows int }

// find sends the seat and, for the last row, a warning that has no reader.
func (m seatMap) find(ticket int, seats, warnings chan<- string) {
	seats <- fmt.Sprintf("row %d", ticket%m.rows)
	if ticket%m.rows == m.rows-1 {
		warnings <- "restricted view" // leak: stuck here
	}
}

// Leaky never reads the warnings.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	hall := seatMap{rows: 12}
	s.Handle("/seat", func(w http.ResponseWriter, r *http.Request) {
		ticket, _ := strconv.Atoi(r.URL.Query().Get("id"))
		seats, warnings := make(chan string), make(chan string)
		go hall.find(ticket, seats, warnings) // leak: started here
		fmt.Fprintln(w, <-seats)
	})
}
