// Package webhook is a payments service that tells merchants what happened.
package webhook

import (
	"bytes"
	"encoding/json"
	"log"
	"net/http"

	"example.com/zoo/service"
)

type event struct {
	Kind   string `json:"kind"`
	Amount int    `json:"amount"`
}

type notifier struct {
	client *http.Client
	queue  string
}

func (n *notifier) notify(e event) {
	body, err := json.Marshal(e)
	if err != nil {
		return
	}
	resp, err := n.client.Post(n.queue, "application/json", bytes.NewReader(body)) // leak: stuck here
	if err != nil {
		log.Println("webhook:", err)
		return
	}
	resp.Body.Close()
}

// Leaky notifies a merchant that never answers, with a client that waits for ever.
func Leaky(s *service.Service) {
	merchants := &notifier{client: &http.Client{}, queue: "http://" + s.Upstream("hang")}
	s.Handle("/pay", func(w http.ResponseWriter, r *http.Request) {
		e := event{Kind: "paid", Amount: 1_999}
		go merchants.notify(e) // leak: started here
		json.NewEncoder(w).Encode(e)
	})
}
