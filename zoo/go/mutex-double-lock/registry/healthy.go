package registry

import (
	"net/http"

	"example.com/zoo/service"
)

func (d *directory) registerOnce(i instance) {
	d.Lock()
	defer d.Unlock()
	if _, known := d.instances[i.host]; !known {
		d.instances[i.host] = i
	}
}

// Healthy takes the directory's lock once.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	known := &directory{instances: map[string]instance{}}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		host := r.URL.Query().Get("id")
		go known.registerOnce(instance{host: host})
		w.WriteHeader(http.StatusAccepted)
	})
}
