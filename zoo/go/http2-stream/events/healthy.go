package events

import (
	"bufio"
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

func (f *feed) newestAndClose() (string, error) {
	resp, err := f.client.Get(f.url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	return bufio.NewReader(resp.Body).ReadString('\n')
}

// Healthy closes each stream after its first event.
func Healthy(s *service.Service) {
	upstream := newFeed(s.Upstream("http2"))
	s.Handle("/newest", func(w http.ResponseWriter, r *http.Request) {
		event, err := upstream.newestAndClose()
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, event)
	})
}
