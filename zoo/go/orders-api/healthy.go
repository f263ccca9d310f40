package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// careful is the service after it was mended.
type careful struct {
	ctx    context.Context
	client *http.Client
	rates  string
}

func (c *careful) quote(o *order) error {
	path := "/rates"
	if o.Region == "island" {
		path = "/missing"
	}
	resp, err := c.client.Get(c.rates + path)
	if err != nil {
		return err
	}
	defer func() {
		io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
		resp.Body.Close()
	}()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("rates answered %s", resp.Status)
	}
	var rates []struct {
		ID int `json:"id"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&rates); err != nil {
		return err
	}
	o.Shipping = 100 * len(rates)
	return nil
}

// isFraud leaves room for the score that comes too late.
func (c *careful) isFraud(o *order) bool {
	score := make(chan float64, 1)
	go func() {
		score <- scoreFraud(o)
	}()
	timer := time.NewTimer(fraudPatience)
	defer timer.Stop()
	select {
	case s := <-score:
		return s > 0.9
	case <-timer.C:
		return false
	}
}

// follow watches the delivery until it is done, or for 300 ms at most.
func (c *careful) follow(o *order) {
	ctx, cancel := context.WithTimeout(c.ctx, 300*time.Millisecond)
	d := &delivery{order: o, steps: make(chan string), finish: cancel}
	go func() {
		defer d.finish()
		d.watch(ctx)
	}()
}

func healthy(s *service.Service) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	serve(s, &careful{
		ctx:    s.Context(),
		client: &http.Client{Transport: transport, Timeout: 5 * time.Second},
		rates:  "http://" + s.Upstream("json"),
	})
}
