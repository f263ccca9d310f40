// Package upstream plays the dependencies that a service may wait for in vain.
package upstream

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

var kinds = map[string]func(net.Listener) error{
	"json":   serveJSON,
	"hang":   serveHang,
	"stream": serveStream,
	"silent": serveSilent,
}

// Run plays the dependency called kind until standard input closes.
func Run(kind string) error {
	serve := kinds[kind]
	if serve == nil {
		return fmt.Errorf("no upstream is called %q", kind)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("listening %s\n", listener.Addr())
	go func() { log.Fatal(serve(listener)) }()
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// serveJSON answers at once with a body larger than one read buffer; /missing with a 404.
func serveJSON(listener net.Listener) error {
	body := make([]byte, 0, 24<<10)
	body = append(body, '[')
	for id := 0; len(body) < 23<<10; id++ {
		body = append(body, fmt.Sprintf(`{"id":%d,"name":"item %d"},`, id, id)...)
	}
	body = append(body, "{}]"...)
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/missing" {
			w.WriteHeader(http.StatusNotFound)
		}
		w.Write(body)
	}))
}

// serveHang accepts a request and never answers while its client waits.
func serveHang(listener net.Listener) error {
	return http.Serve(listener, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	}))
}

// serveStream answers with a first event and keeps the response open.
func serveStream(listener net.Listener) error {
	return http.Serve(listener, http.HandlerFunc(streamEvents))
}

func streamEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "data: hello\n\n")
	w.(http.Flusher).Flush()
	keepAlive := time.NewTicker(time.Minute)
	defer keepAlive.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-keepAlive.C:
			fmt.Fprint(w, ": keep-alive\n\n")
			w.(http.Flusher).Flush()
		}
	}
}

// serveSilent accepts TCP connections, reads what comes and never writes.
func serveSilent(listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			io.Copy(io.Discard, conn)
		}()
	}
}
