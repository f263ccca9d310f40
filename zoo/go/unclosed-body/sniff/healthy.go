package sniff

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"example.com/zoo/service"
)

func (p previewer) contentTypeAndClose(ctx context.Context) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.page, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(resp.Body, head)
	return http.DetectContentType(head[:n]), err
}

// Healthy closes the body that it read half of.
func Healthy(s *service.Service) {
	s.ServeMetrics()
	previews := previewer{page: "http://" + s.Upstream("json") + "/page"}
	s.Handle("/preview", func(w http.ResponseWriter, r *http.Request) {
		kind, err := previews.contentTypeAndClose(s.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprintln(w, kind)
	})
}
