package rare

import (
	"fmt"
	"net/http"
	"strconv"

	"example.com/zoo/service"
)

// Healthy has room for a warning.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	hall := seatMap{rows: 12}
	s.Handle("/seat", func(w http.ResponseWriter, r *http.Request) {
		ticket, _ := strconv.Atoi(r.URL.Query().Get("id"))
		seats, warnings := make(chan string), make(chan string, 1)
		go hall.find(ticket, seats, warnings)
		fmt.Fprintln(w, <-seats)
	})
}
