// Package sniff is a link-preview service that looks at the head of a page.
package sniff

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"example.com/zoo/service"
)

type previewer struct{ page string }

// contentType reads the first bytes and leaves the rest of the body where it is.
func (p previewer) contentType(ctx context.Context) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.page, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(resp.Body, head)
	return http.DetectContentType(head[:n]), err
}

// Leaky previews with the service's context, which outlives the request.
func Leaky(s *service.Service) {
	s.ServeMetrics()
	previews := previewer{page: "http://" + s.Upstream("json") + "/page"}
	s.Handle("/preview", func(w http.ResponseWriter, r *http.Request) {
		kind, err := previews.contentType(s.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprintln(w, kind)
	})
}
