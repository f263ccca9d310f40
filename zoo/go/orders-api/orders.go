package main

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"example.com/zoo/service"
)

// order is what a client sends, and the answer to it.
type order struct {
	ID       int    `json:"id"`
	Region   string `json:"region"`
	Shipping int    `json:"shipping_cents"`
	Status   string `json:"status"`
}

// steps is what the service does for an order; the leaky and the healthy one differ here.
type steps interface {
	quote(o *order) error
	isFraud(o *order) bool
	follow(o *order)
}

const fraudPatience = 15 * time.Millisecond

func serve(s *service.Service, todo steps) {
	s.ServeMetrics()
	place := func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.Atoi(r.URL.Query().Get("id"))
		o := &order{ID: id, Region: regionOf(id), Status: "accepted"}
		if err := todo.quote(o); err != nil {
			o.Status = "accepted, shipping to be confirmed"
		}
		if todo.isFraud(o) {
			http.Error(w, "declined", http.StatusPaymentRequired)
			return
		}
		todo.follow(o)
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(o)
	}
	s.Handle("/", place)
	s.Handle("/orders", place)
}

// regionOf puts every third order on an island, for which there are no shipping rates.
func regionOf(id int) string {
	if id%3 == 0 {
		return "island"
	}
	return "mainland"
}

// scoreFraud takes longer than anyone waits for every other order.
func scoreFraud(o *order) float64 {
	if o.ID%2 == 0 {
		time.Sleep(4 * fraudPatience)
	}
	return 0.02
}
