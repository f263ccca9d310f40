package threeway

import (
	"net/http"

	"example.com/zoo/service"
)

func (h *warehouse) countInOrder() { both(&h.stock, &h.shipments) }

// Healthy always locks stock before orders before shipments.
func Healthy(s *service.Service) {
	s.Handle("/night", func(w http.ResponseWriter, r *http.Request) {
		h := &warehouse{}
		for _, task := range []func(){h.pick, h.pack, h.countInOrder} {
			go task()
		}
		w.WriteHeader(http.StatusAccepted)
	})
}
