package tenant

import (
	"fmt"
	"net/http"

	"example.com/zoo/service"
)

func (t *tenant) loadPlan() {
	t.settings = map[string]string{"region": "eu", "plan": "free"}
}

// Healthy loads without asking itself.
func Healthy(s *service.Service) {
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		t := &tenant{name: r.URL.Query().Get("id")}
		go t.once.Do(t.loadPlan)
		fmt.Fprintln(w, t.name)
	})
}
