package main

import (
	earlyreturn "example.com/zoo/channel-send/early-return"
	"example.com/zoo/context-not-cancelled/session"
	workerpool "example.com/zoo/hard-healthy/worker-pool"
	slowupstream "example.com/zoo/mutex-held/slow-upstream"
	"example.com/zoo/service"
	pricefeed "example.com/zoo/ticker-loop/price-feed"
	statuscheck "example.com/zoo/unclosed-body/status-check"
)

// twins holds a service's builds by twin: leaky and healthy.
type twins map[string]service.Build

func pair(leaky, healthy service.Build) twins {
	return twins{"leaky": leaky, "healthy": healthy}
}

func healthyOnly(build service.Build) twins { return twins{"healthy": build} }

// services is every service by its folder.
var services = map[string]twins{
	"channel-send/early-return":     pair(earlyreturn.Leaky, earlyreturn.Healthy),
	"context-not-cancelled/session": pair(session.Leaky, session.Healthy),
	"hard-healthy/worker-pool":      healthyOnly(workerpool.Healthy),
	"mutex-held/slow-upstream":      pair(slowupstream.Leaky, slowupstream.Healthy),
	"ticker-loop/price-feed":        pair(pricefeed.Leaky, pricefeed.Healthy),
	"unclosed-body/status-check":    pair(statuscheck.Leaky, statuscheck.Healthy),
}
