// Package events is a feed service that shows the newest event of an upstream.
package events

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

type feed struct {
	client *http.Client
	url    string
}

func newFeed(host string) *feed {
	transport := &http.Transport{
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
		ForceAttemptHTTP2: true,
	}
	return &feed{client: &http.Client{Transport: transport}, url: "https://" + host + "/events"}
}

// newest reads one event and leaves the stream open.
func (f *feed) newest() (string, error) {
	resp, err := f.client.Get(f.url)
	if err != nil {
		return "", err
	}
	return bufio.NewReader(resp.Body).ReadString('\n')
}

// Leaky opens one stream per request on a single HTTP/2 connection.
func Leaky(s *service.Service) {
	upstream := newFeed(s.Upstream("http2"))
	s.Handle("/newest", func(w http.ResponseWriter, r *http.Request) {
		event, err := upstream.newest()
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, event)
	})
}
