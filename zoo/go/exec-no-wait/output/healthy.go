package output

import (
	"bytes"
	"net/http"
	"os/exec"
	"strings"

	"example.com/zoo/service"
)

// Healthy runs the filter to its end.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	s.Handle("/filter", func(w http.ResponseWriter, r *http.Request) {
		var output bytes.Buffer
		cmd := exec.CommandContext(r.Context(), "cat")
		cmd.Stdin = strings.NewReader(r.URL.RawQuery)
		cmd.Stdout = &output
		if err := cmd.Run(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		output.WriteTo(w)
	})
}
