package safego

import (
	"encoding/json"
	"net/http"
	"time"

	"example.com/zoo/channel-send/safe-go/safely"
	"example.com/zoo/service"
)

func (r *recommender) recommendBuffered(user string) []string {
	ranked := make(chan []string, 1)
	safely.Go(func() {
		time.Sleep(40 * time.Millisecond)
		ranked <- r.rank(user)
	})
	select {
	case items := <-ranked:
		return items
	case <-time.After(5 * time.Millisecond):
		return []string{"bestsellers"}
	}
}

// Healthy buffers the ranking and ends the feedback with the request.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	shop := &recommender{model: "popular"}
	s.Handle("/recommend", func(w http.ResponseWriter, r *http.Request) {
		feedback := make(chan string)
		defer close(feedback)
		safely.Go(func() { <-feedback })
		json.NewEncoder(w).Encode(shop.recommendBuffered(r.URL.Query().Get("id")))
	})
}
