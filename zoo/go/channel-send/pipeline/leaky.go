// Package pipeline is a listings service built from generic stages.
package pipeline

import (
	"encoding/json"
	"net/http"
	"strconv"

	"example.com/zoo/service"
)

type listing struct {
	ID    int
	Title string
}

// source emits the values one by one.
func source[T any](values []T) <-chan T {
	out := make(chan T)
	go func() { // leak: started here
		defer close(out)
		for _, value := range values {
			out <- value // leak: also stuck here
		}
	}()
	return out
}

// transform applies f to whatever comes.
func transform[In, Out any](in <-chan In, f func(In) Out) <-chan Out {
	out := make(chan Out)
	go func() { // leak: started here
		defer close(out)
		for value := range in {
			out <- f(value) // leak: stuck here
		}
	}()
	return out
}

func firstPage[T any](in <-chan T, size int) []T {
	page := make([]T, 0, size)
	for value := range in {
		page = append(page, value)
		if len(page) == size {
			break
		}
	}
	return page
}

func titles(ids <-chan int) <-chan listing {
	return transform(ids, func(id int) listing {
		return listing{ID: id, Title: "listing " + strconv.Itoa(id)}
	})
}

// Leaky shows one page and abandons the pipeline behind it.
func Leaky(s *service.Service) {
	ids := []int{1, 2, 3, 4, 5, 6, 7, 8, 9}
	s.Handle("/", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(firstPage(titles(source(ids)), 3))
	})
}
