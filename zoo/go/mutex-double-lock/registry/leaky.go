// Package registry is a service discovery that registers an instance per request.
package registry

import (
	"net/http"
	"sync"

	"example.com/zoo/service"
)

type instance struct{ host string }

type directory struct {
	sync.Mutex
	instances map[string]instance
}

func (d *directory) find(host string) (instance, bool) {
	d.Lock() // leak: also stuck here
	defer d.Unlock()
	found, ok := d.instances[host]
	return found, ok
}

func (d *directory) register(i instance) {
	d.Lock() // leak: stuck here
	defer d.Unlock()
	if _, known := d.find(i.host); !known {
		d.instances[i.host] = i
	}
}

// Leaky registers in the background; the first registration stops all that follow.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	known := &directory{instances: map[string]instance{}}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		host := r.URL.Query().Get("id")
		go known.register(instance{host: host}) // leak: started here
		w.WriteHeader(http.StatusAccepted)
	})
}
