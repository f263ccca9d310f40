// Package safego is a recommendations service that starts all its goroutines through
// one helper: two different leaks have one creator.
package safego

import (
	"encoding/json"
	"net/http"
	"time"

	"example.com/zoo/channel-send/safe-go/safely"
	"example.com/zoo/service"
)

type recommender struct{ model string }

func (r *recommender) rank(user string) []string { return []string{r.model, user} }

// recommend gives up early; the ranking has nowhere to go.
func (r *recommender) recommend(user string) []string {
	ranked := make(chan []string)
	safely.Go(func() {
		time.Sleep(40 * time.Millisecond)
		ranked <- r.rank(user) // leak: stuck here (send)
	})
	select {
	case items := <-ranked:
		return items
	case <-time.After(5 * time.Millisecond):
		return []string{"bestsellers"}
	}
}

// learn waits for feedback that comes for one user in many.
func (r *recommender) learn(feedback <-chan string) {
	safely.Go(func() {
		r.model = <-feedback // leak: stuck here (receive)
	})
}

// Leaky leaks twice per request.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	shop := &recommender{model: "popular"}
	s.Handle("/recommend", func(w http.ResponseWriter, r *http.Request) {
		shop.learn(make(chan string))
		json.NewEncoder(w).Encode(shop.recommend(r.URL.Query().Get("id")))
	})
}
