package limit

import (
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/zoo/service"
)

func (m *mailer) sendWithin(string) error {
	patience := time.NewTimer(5 * time.Millisecond)
	defer patience.Stop()
	select {
	case <-m.acknowledged:
	case <-patience.C:
	}
	return nil
}

// Healthy gives up on a relay that says nothing.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	relay := &mailer{acknowledged: make(chan bool)}
	s.Handle("/mail", func(w http.ResponseWriter, r *http.Request) {
		go func() {
			var group errgroup.Group
			group.SetLimit(2)
			for _, address := range []string{"a@example.com", "b@example.com", "c@example.com"} {
				address := address
				group.Go(func() error { return relay.sendWithin(address) })
			}
			group.Wait()
		}()
		w.WriteHeader(http.StatusAccepted)
	})
}
