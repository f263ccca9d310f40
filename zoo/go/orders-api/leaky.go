package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// hasty is the service as it was written on the first day.
type hasty struct {
	ctx    context.Context
	client *http.Client
	rates  string
}

// quote returns early when there is no rate, and leaves the body open.
func (h *hasty) quote(o *order) error {
	path := "/rates"
	if o.Region == "island" {
		path = "/missing"
	}
	resp, err := h.client.Get(h.rates + path)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("rates answered %s", resp.Status)
	}
	defer resp.Body.Close()
	var rates []struct {
		ID int `json:"id"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&rates); err != nil {
		return err
	}
	o.Shipping = 100 * len(rates)
	return nil
}

// isFraud stops waiting after a while; the scorer does not.
func (h *hasty) isFraud(o *order) bool {
	score := make(chan float64)
	go func() { // leak: started here (fraud)
		score <- scoreFraud(o) // leak: stuck here (fraud)
	}()
	select {
	case s := <-score:
		return s > 0.9
	case <-time.After(fraudPatience):
		return false
	}
}

// delivery is one order on its way.
type delivery struct {
	order  *order
	steps  chan string
	finish context.CancelFunc
}

// follow starts to watch the delivery; nobody calls finish.
func (h *hasty) follow(o *order) {
	ctx, cancel := context.WithCancel(h.ctx)
	d := &delivery{order: o, steps: make(chan string), finish: cancel}
	go d.watch(ctx) // leak: started here (watch)
}

func (d *delivery) watch(ctx context.Context) {
	for {
		select { // leak: stuck here (watch)
		case <-ctx.Done():
			return
		case step := <-d.steps:
			d.order.Status = step
		}
	}
}

func leaky(s *service.Service) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	serve(s, &hasty{
		ctx:    s.Context(),
		client: &http.Client{Transport: transport},
		rates:  "http://" + s.Upstream("json"),
	})
}
