// Package limit is a mailing service that sends two letters at a time.
package limit

import (
	"net/http"

	"golang.org/x/sync/errgroup"

	"example.com/zoo/service"
)

type mailer struct{ acknowledged chan bool }

func (m *mailer) send(string) error {
	<-m.acknowledged // leak: also stuck here
	return nil
}

// mail waits in Go for a place in the group, which nobody leaves.
func (m *mailer) mail(addresses []string) error {
	var group errgroup.Group
	group.SetLimit(2)
	for _, address := range addresses {
		address := address
		group.Go(func() error { return m.send(address) }) // leak: stuck here
	}
	return group.Wait()
}

// Leaky mails through a relay that acknowledges nothing.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	relay := &mailer{acknowledged: make(chan bool)}
	s.Handle("/mail", func(w http.ResponseWriter, r *http.Request) {
		go relay.mail([]string{"a@example.com", "b@example.com", "c@example.com"}) // leak: started here
		w.WriteHeader(http.StatusAccepted)
	})
}
