package doublesend

import (
	"net/http"
	"strings"

	"example.com/zoo/service"
)

func validateOnce(address string, verdict chan<- error) {
	if !strings.Contains(address, "@") {
		verdict <- errNotAnAddress
		return
	}
	verdict <- nil
}

// Healthy sends exactly one verdict.
func Healthy(s *service.Service) {
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		verdict := make(chan error)
		go validateOnce(r.URL.Query().Get("id"), verdict)
		if err := <-verdict; err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
}
