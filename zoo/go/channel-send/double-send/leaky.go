// Package doublesend is a users service that validates an address in the background.
package doublesend

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"example.com/zoo/service"
)

var errNotAnAddress = errors.New("not an e-mail address")

// validate reports once for a good address and, by a forgotten return, twice for a bad one.
func validate(address string, verdict chan<- error) {
	if !strings.Contains(address, "@") {
		verdict <- errNotAnAddress
	}
	verdict <- nil // leak: stuck here
}

// Leaky is asked about addresses that are all bad.
func Leaky(s *service.Service) {
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		verdict := make(chan error)
		go validate(r.URL.Query().Get("id"), verdict) // leak: started here
		if err := <-verdict; err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			io.WriteString(w, err.Error())
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
}
