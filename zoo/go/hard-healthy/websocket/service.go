// Package websocket is a chat service with hundreds of open sockets.
package websocket

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"example.com/zoo/service"
)

type client struct {
	socket *websocket.Conn
	send   chan []byte
}

type room struct {
	mu      sync.Mutex
	clients map[*client]bool
}

func (r *room) join(c *client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clients[c] = true
}

func (r *room) leave(c *client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.clients, c)
	close(c.send)
}

func (r *room) say(message string) (heard int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.clients {
		select {
		case c.send <- []byte(message):
			heard++
		default:
		}
	}
	return heard
}

// readPump ends when its socket does.
func (r *room) readPump(c *client) {
	defer r.leave(c)
	for {
		if _, _, err := c.socket.ReadMessage(); err != nil {
			return
		}
	}
}

// writePump ends when the reader leaves.
func (c *client) writePump() {
	ping := time.NewTicker(30 * time.Second)
	defer ping.Stop()
	defer c.socket.Close()
	for {
		select {
		case message, open := <-c.send:
			if !open || c.socket.WriteMessage(websocket.TextMessage, message) != nil {
				return
			}
		case <-ping.C:
			if c.socket.WriteMessage(websocket.PingMessage, nil) != nil {
				return
			}
		}
	}
}

// Healthy keeps two goroutines per open socket.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	lobby := &room{clients: map[*client]bool{}}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	s.Handle("/socket", func(w http.ResponseWriter, r *http.Request) {
		socket, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		c := &client{socket: socket, send: make(chan []byte, 8)}
		lobby.join(c)
		go c.writePump()
		go lobby.readPump(c)
	})
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, lobby.say("hello")) })
}
