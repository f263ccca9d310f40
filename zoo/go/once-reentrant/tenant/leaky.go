// Package tenant is a settings service that loads each tenant once.
package tenant

import (
	"fmt"
	"net/http"
	"sync"

	"example.com/zoo/service"
)

type tenant struct {
	once     sync.Once
	name     string
	settings map[string]string
}

// setting loads the tenant at its first call.
func (t *tenant) setting(key string) string {
	t.once.Do(t.load) // leak: stuck here
	return t.settings[key]
}

// load asks for a setting, and so for itself.
func (t *tenant) load() {
	region := t.setting("region")
	t.settings = map[string]string{"region": region, "plan": "free"}
}

// Leaky warms each tenant in the background.
func Leaky(s *service.Service) {
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		t := &tenant{name: r.URL.Query().Get("id")}
		go t.setting("plan") // leak: started here
		fmt.Fprintln(w, t.name)
	})
}
