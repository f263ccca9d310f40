package replyneversent

import (
	"net/http"
	"time"

	"example.com/zoo/service"
)

// Healthy waits for a reply no longer than a device may take.
func Healthy(s *service.Service) {
	devices := &broker{pending: map[int]chan reply{}}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		replies := devices.send()
		go func() {
			patience := time.NewTimer(30 * time.Millisecond)
			defer patience.Stop()
			select {
			case <-replies:
			case <-patience.C:
			}
		}()
		devices.handle(devices.next-1, r.URL.Query().Get("command") == "reboot")
		w.WriteHeader(http.StatusAccepted)
	})
}
