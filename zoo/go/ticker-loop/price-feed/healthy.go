package pricefeed

import (
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// Healthy follows a few quotes from the start and reads them per request.
func Healthy(s *service.Service) {
	var quotes []*quote
	for _, symbol := range []string{"AAA", "BBB", "CCC"} {
		quotes = append(quotes, follow(symbol))
	}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		q := quotes[int(time.Now().UnixNano())%len(quotes)]
		fmt.Fprintf(w, "%s %d\n", q.symbol, q.cents.Load())
	})
}
