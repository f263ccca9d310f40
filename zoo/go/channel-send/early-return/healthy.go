package earlyreturn

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// bufferedCheckout leaves room for the answer that nobody may read.
type bufferedCheckout struct{ warehouseDelay time.Duration }

func (c *bufferedCheckout) place(order string) (int, error) {
	units := make(chan stockAnswer, 1)
	go func() {
		time.Sleep(c.warehouseDelay)
		units <- stockAnswer{units: 3}
	}()
	if len(order)%2 == 0 {
		return 0, errors.New("card declined")
	}
	answer := <-units
	return answer.units, answer.err
}

// Healthy is the same service with a buffered answer.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	orders := &bufferedCheckout{warehouseDelay: 5 * time.Millisecond}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		units, err := orders.place(r.URL.Query().Get("order"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusPaymentRequired)
			return
		}
		fmt.Fprintln(w, units)
	})
}
