// Package singleflight is a config service where many ask for the same thing at once.
package singleflight

import (
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/singleflight"

	"example.com/zoo/service"
)

// Healthy loads once for all who ask meanwhile; they wait together and leave together.
func Healthy(s *service.Service) {
	var loads singleflight.Group
	s.Handle("/config", func(w http.ResponseWriter, r *http.Request) {
		value, _, shared := loads.Do("config", func() (any, error) {
			time.Sleep(220 * time.Millisecond)
			return time.Now().UnixNano(), nil
		})
		fmt.Fprintln(w, value, shared)
	})
}
