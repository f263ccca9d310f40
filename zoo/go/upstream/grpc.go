package upstream

import (
	"net"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

func init() { kinds["grpc"] = serveGRPC }

// serveGRPC answers any streaming method: one message back for each, then it holds the stream open.
func serveGRPC(listener net.Listener) error {
	server := grpc.NewServer(grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
		asked := &wrapperspb.StringValue{}
		if err := stream.RecvMsg(asked); err != nil {
			return err
		}
		if err := stream.SendMsg(wrapperspb.String("price of " + asked.Value)); err != nil {
			return err
		}
		if asked.Value == "once" {
			return nil
		}
		<-stream.Context().Done()
		return stream.Context().Err()
	}))
	return server.Serve(listener)
}
