// Package index is one shard of the search index.
package index

import "time"

// Hit is one document that matched.
type Hit struct {
	Document string
	Score    float64
}

// Shard answers queries slowly.
type Shard struct{ Latency time.Duration }

// Lookup sends its hits to whoever asked, whether or not they still listen.
func (s Shard) Lookup(query string, hits chan<- []Hit) {
	time.Sleep(s.Latency)
	deliver(hits, []Hit{{Document: "guide to " + query, Score: 0.8}})
}

// LookupWithin gives up when its asker is gone.
func (s Shard) LookupWithin(query string, hits chan<- []Hit, gone <-chan struct{}) {
	time.Sleep(s.Latency)
	select {
	case hits <- []Hit{{Document: "guide to " + query, Score: 0.8}}:
	case <-gone:
	}
}

func deliver(hits chan<- []Hit, found []Hit) {
	hits <- found // leak: stuck here
}
