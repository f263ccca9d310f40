// Package websocketramp is a live-scores service before a match: sockets open all the
// while, and every one of them has a client.
package websocketramp

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"example.com/zoo/service"
)

type session struct {
	socket *websocket.Conn
	scores chan string
	gone   chan struct{}
}

// write sends the scores until its reader has seen the client go.
func (s *session) write() {
	heartbeat := time.NewTicker(time.Second)
	defer heartbeat.Stop()
	for {
		select {
		case <-s.gone:
			return
		case score := <-s.scores:
			s.socket.WriteMessage(websocket.TextMessage, []byte(score))
		case <-heartbeat.C:
			s.socket.WriteMessage(websocket.PingMessage, nil)
		}
	}
}

func (s *session) read() {
	defer close(s.gone)
	for {
		if _, _, err := s.socket.ReadMessage(); err != nil {
			return
		}
	}
}

// Healthy starts a reader and a writer for each socket.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	s.Handle("/live", func(w http.ResponseWriter, r *http.Request) {
		socket, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		own := &session{socket: socket, scores: make(chan string, 4), gone: make(chan struct{})}
		go own.write()
		go own.read()
	})
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "0:0") })
}
