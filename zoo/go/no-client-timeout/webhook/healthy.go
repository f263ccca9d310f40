package webhook

import (
	"encoding/json"
	"net/http"
	"time"

	"example.com/zoo/service"
)

// Healthy gives each merchant 60 ms.
func Healthy(s *service.Service) {
	merchants := &notifier{
		client: &http.Client{Timeout: 60 * time.Millisecond},
		queue:  "http://" + s.Upstream("hang"),
	}
	s.Handle("/pay", func(w http.ResponseWriter, r *http.Request) {
		e := event{Kind: "paid", Amount: 1_999}
		go merchants.notify(e)
		json.NewEncoder(w).Encode(e)
	})
}
