// Package replyneversent is a devices service that sends commands and logs their replies.
package replyneversent

import (
	"log"
	"net/http"
	"sync"

	"example.com/zoo/service"
)

type reply struct{ status string }

// broker matches replies to commands by their number.
type broker struct {
	mu      sync.Mutex
	pending map[int]chan reply
	next    int
}

func (b *broker) send() <-chan reply {
	b.mu.Lock()
	defer b.mu.Unlock()
	replies := make(chan reply, 1)
	b.pending[b.next] = replies
	b.next++
	return replies
}

// handle drops a command that the device does not know, and its reply with it.
func (b *broker) handle(number int, known bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if known {
		b.pending[number] <- reply{status: "done"}
	}
	delete(b.pending, number)
}

// Leaky logs the reply to each command, once it comes.
func Leaky(s *service.Service) {
	devices := &broker{pending: map[int]chan reply{}}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		replies := devices.send()
		go func() { // leak: started here
			answer := <-replies // leak: stuck here
			log.Println("device answered", answer.status)
		}()
		devices.handle(devices.next-1, r.URL.Query().Get("command") == "reboot")
		w.WriteHeader(http.StatusAccepted)
	})
}
