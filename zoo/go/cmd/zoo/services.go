package main

import (
	"example.com/zoo/channel-nil/receive"
	"example.com/zoo/channel-nil/send"
	rangeneverclosed "example.com/zoo/channel-receive/range-never-closed"
	replyneversent "example.com/zoo/channel-receive/reply-never-sent"
	doublesend "example.com/zoo/channel-send/double-send"
	earlyreturn "example.com/zoo/channel-send/early-return"
	noreceiver "example.com/zoo/channel-send/no-receiver"
	"example.com/zoo/channel-send/pipeline"
	"example.com/zoo/channel-send/timeout"
	handlerpolls "example.com/zoo/context-ignored/handler-polls"
	retryworker "example.com/zoo/context-ignored/retry-worker"
	customcontext "example.com/zoo/context-not-cancelled/custom-context"
	selectdone "example.com/zoo/context-not-cancelled/select-done"
	"example.com/zoo/context-not-cancelled/session"
	workerpool "example.com/zoo/hard-healthy/worker-pool"
	slowupstream "example.com/zoo/mutex-held/slow-upstream"
	nocases "example.com/zoo/select-forever/no-cases"
	twochannels "example.com/zoo/select-forever/two-channels"
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
	"channel-nil/receive":                  pair(receive.Leaky, receive.Healthy),
	"channel-nil/send":                     pair(send.Leaky, send.Healthy),
	"channel-receive/range-never-closed":   pair(rangeneverclosed.Leaky, rangeneverclosed.Healthy),
	"channel-receive/reply-never-sent":     pair(replyneversent.Leaky, replyneversent.Healthy),
	"channel-send/double-send":             pair(doublesend.Leaky, doublesend.Healthy),
	"channel-send/early-return":            pair(earlyreturn.Leaky, earlyreturn.Healthy),
	"channel-send/no-receiver":             pair(noreceiver.Leaky, noreceiver.Healthy),
	"channel-send/pipeline":                pair(pipeline.Leaky, pipeline.Healthy),
	"channel-send/timeout":                 pair(timeout.Leaky, timeout.Healthy),
	"context-ignored/handler-polls":        pair(handlerpolls.Leaky, handlerpolls.Healthy),
	"context-ignored/retry-worker":         pair(retryworker.Leaky, retryworker.Healthy),
	"context-not-cancelled/custom-context": pair(customcontext.Leaky, customcontext.Healthy),
	"context-not-cancelled/select-done":    pair(selectdone.Leaky, selectdone.Healthy),
	"context-not-cancelled/session":        pair(session.Leaky, session.Healthy),
	"hard-healthy/worker-pool":             healthyOnly(workerpool.Healthy),
	"mutex-held/slow-upstream":             pair(slowupstream.Leaky, slowupstream.Healthy),
	"select-forever/no-cases":              pair(nocases.Leaky, nocases.Healthy),
	"select-forever/two-channels":          pair(twochannels.Leaky, twochannels.Healthy),
	"ticker-loop/price-feed":               pair(pricefeed.Leaky, pricefeed.Healthy),
	"unclosed-body/status-check":           pair(statuscheck.Leaky, statuscheck.Healthy),
}
