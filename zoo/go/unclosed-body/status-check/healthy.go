package statuscheck

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"example.com/zoo/service"
)

type drainingCatalogue struct {
	client *http.Client
	base   string
}

// items drains and closes whatever the answer is, so that its connection is reused.
func (c *drainingCatalogue) items(path string) ([]item, error) {
	resp, err := c.client.Get(c.base + path)
	if err != nil {
		return nil, err
	}
	defer func() {
		io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
		resp.Body.Close()
	}()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("catalogue answered %s", resp.Status)
	}
	var items []item
	return items, json.NewDecoder(resp.Body).Decode(&items)
}

// Healthy keeps a handful of idle connections and no more.
func Healthy(s *service.Service) {
	products := &drainingCatalogue{
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
