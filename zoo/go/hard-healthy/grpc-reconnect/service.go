// Package grpcreconnect is a rates service that follows a gRPC stream and reopens it
// whenever it ends.
package grpcreconnect

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"example.com/zoo/service"
)

type follower struct {
	conn  *grpc.ClientConn
	opens atomic.Int64
}

// follow receives until the stream ends.
func (f *follower) follow(ctx context.Context, symbol string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	desc := &grpc.StreamDesc{StreamName: "Watch", ServerStreams: true}
	stream, err := f.conn.NewStream(ctx, desc, "/prices.Prices/Watch")
	if err != nil {
		return err
	}
	f.opens.Add(1)
	if err := stream.SendMsg(wrapperspb.String(symbol)); err != nil {
		return err
	}
	for {
		if err := stream.RecvMsg(&wrapperspb.StringValue{}); err != nil {
			return err
		}
	}
}

func (f *follower) keepFollowing(ctx context.Context, symbol string) {
	for ctx.Err() == nil {
		f.follow(ctx, symbol)
		time.Sleep(80 * time.Millisecond)
	}
}

// Healthy follows one lasting stream and one that ends after each message.
func Healthy(s *service.Service) {
	credentials := grpc.WithTransportCredentials(insecure.NewCredentials())
	conn, err := grpc.Dial(s.Upstream("grpc"), credentials)
	if err != nil {
		panic(err)
	}
	f := &follower{conn: conn}
	go f.keepFollowing(s.Context(), "EUR")
	go f.keepFollowing(s.Context(), "once")
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, f.opens.Load()) })
}
