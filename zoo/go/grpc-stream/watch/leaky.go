// Package watch is a quotes service on top of a streaming gRPC upstream.
package watch

import (
	"context"
	"fmt"
	"net/http"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"example.com/zoo/service"
)

var watchPrices = &grpc.StreamDesc{StreamName: "Watch", ServerStreams: true}

type quotes struct{ conn *grpc.ClientConn }

func dial(host string) *quotes {
	conn, err := grpc.Dial(host, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		panic(err)
	}
	return &quotes{conn: conn}
}

// first opens a stream, takes one message and leaves the stream as it is.
func (q *quotes) first(ctx context.Context, symbol string) (string, error) {
	stream, err := q.conn.NewStream(ctx, watchPrices, "/prices.Prices/Watch")
	if err != nil {
		return "", err
	}
	if err := stream.SendMsg(wrapperspb.String(symbol)); err != nil {
		return "", err
	}
	price := &wrapperspb.StringValue{}
	err = stream.RecvMsg(price)
	return price.Value, err
}

// Leaky opens a stream per request under the service's context.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	prices := dial(s.Upstream("grpc"))
	s.Handle("/quote", func(w http.ResponseWriter, r *http.Request) {
		price, err := prices.first(s.Context(), r.URL.Query().Get("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprintln(w, price)
	})
}
