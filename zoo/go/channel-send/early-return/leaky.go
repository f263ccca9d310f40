// Package earlyreturn is an orders service that asks two systems at once.
package earlyreturn

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

var errNoStock = errors.New("out of stock")

type stockAnswer struct {
	units int
	err   error
}

// checkout asks the warehouse and the payment system at once.
type checkout struct{ warehouseDelay time.Duration }

func (c *checkout) reserve(units chan<- stockAnswer) {
	time.Sleep(c.warehouseDelay)
	units <- stockAnswer{units: 3} // leak: stuck here
}

func (c *checkout) authorise(order string) error {
	if len(order)%2 == 0 {
		return errNoStock
	}
	return errors.New("card declined")
}

// place returns on the first error and forgets the reservation that is on its way.
func (c *checkout) place(order string) (int, error) {
	units := make(chan stockAnswer)
	go c.reserve(units) // leak: started here
	if err := c.authorise(order); err != nil {
		return 0, err
	}
	answer := <-units
	return answer.units, answer.err
}

// Leaky answers each order; the reservation of a declined one has nobody to report to.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	orders := &checkout{warehouseDelay: 5 * time.Millisecond}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		units, err := orders.place(r.URL.Query().Get("order"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusPaymentRequired)
			return
		}
		fmt.Fprintln(w, units)
	})
}
