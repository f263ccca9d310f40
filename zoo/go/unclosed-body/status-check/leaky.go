// Package statuscheck is a catalogue service that asks an upstream for product data.
package statuscheck

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"example.com/zoo/service"
)

type item struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

type catalogue struct {
	client *http.Client
	base   string
}

// items forgets the body of every answer that is not a 200.
func (c *catalogue) items(path string) ([]item, error) {
	resp, err := c.client.Get(c.base + path)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("catalogue answered %s", resp.Status)
	}
	defer resp.Body.Close()
	var items []item
	return items, json.NewDecoder(resp.Body).Decode(&items)
}

// Leaky asks for a product that does not exist, again and again.
func Leaky(s *service.Service) {
	products := &catalogue{
		client: &http.Client{Timeout: time.Hour, Transport: &http.Transport{MaxIdleConnsPerHost: 8}},
		base:   "http://" + s.Upstream("json"),
	}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		items, err := products.items("/missing")
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		json.NewEncoder(w).Encode(items)
	})
}
