package rangeneverclosed

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

func priceAndClose(lines []line) int64 {
	p := &pricer{lines: make(chan line)}
	defer close(p.lines)
	for worker := 0; worker < 3; worker++ {
		go p.work()
	}
	p.done.Add(len(lines))
	for _, l := range lines {
		p.lines <- l
	}
	p.done.Wait()
	return p.total.Load()
}

// Healthy closes the channel, so its workers end with the invoice.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	invoice := []line{{199, 3}, {4_950, 1}, {25, 40}, {1_000, 2}}
	s.Handle("/invoice", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, priceAndClose(invoice))
	})
}
