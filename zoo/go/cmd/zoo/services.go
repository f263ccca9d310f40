package main

import (
	"example.com/zoo/channel-nil/receive"
	"example.com/zoo/channel-nil/send"
	rangeneverclosed "example.com/zoo/channel-receive/range-never-closed"
	replyneversent "example.com/zoo/channel-receive/reply-never-sent"
	tenantworkers "example.com/zoo/channel-receive/tenant-workers"
	doublesend "example.com/zoo/channel-send/double-send"
	earlyreturn "example.com/zoo/channel-send/early-return"
	noreceiver "example.com/zoo/channel-send/no-receiver"
	"example.com/zoo/channel-send/pipeline"
	"example.com/zoo/channel-send/rare"
	safego "example.com/zoo/channel-send/safe-go"
	"example.com/zoo/channel-send/timeout"
	lostsignal "example.com/zoo/cond/lost-signal"
	"example.com/zoo/conn-no-deadline/dial"
	linereader "example.com/zoo/conn-no-deadline/line-reader"
	handlerpolls "example.com/zoo/context-ignored/handler-polls"
	retryworker "example.com/zoo/context-ignored/retry-worker"
	customcontext "example.com/zoo/context-not-cancelled/custom-context"
	longtimeout "example.com/zoo/context-not-cancelled/long-timeout"
	selectdone "example.com/zoo/context-not-cancelled/select-done"
	"example.com/zoo/context-not-cancelled/session"
	deafmember "example.com/zoo/errgroup/deaf-member"
	"example.com/zoo/errgroup/limit"
	"example.com/zoo/exec-no-wait/context"
	"example.com/zoo/exec-no-wait/output"
	"example.com/zoo/grpc-stream/watch"
	batchdrain "example.com/zoo/hard-healthy/batch-drain"
	busydatabase "example.com/zoo/hard-healthy/busy-database"
	childprocess "example.com/zoo/hard-healthy/child-process"
	connectionpool "example.com/zoo/hard-healthy/connection-pool"
	eventstream "example.com/zoo/hard-healthy/event-stream"
	"example.com/zoo/hard-healthy/exporters"
	fanout "example.com/zoo/hard-healthy/fan-out"
	grpcreconnect "example.com/zoo/hard-healthy/grpc-reconnect"
	keepalive "example.com/zoo/hard-healthy/keep-alive"
	loadramp "example.com/zoo/hard-healthy/load-ramp"
	loadrising "example.com/zoo/hard-healthy/load-rising"
	longpoll "example.com/zoo/hard-healthy/long-poll"
	longpollplain "example.com/zoo/hard-healthy/long-poll-plain"
	pubsub "example.com/zoo/hard-healthy/pub-sub"
	requestdeadlines "example.com/zoo/hard-healthy/request-deadlines"
	reverseproxy "example.com/zoo/hard-healthy/reverse-proxy"
	rungroup "example.com/zoo/hard-healthy/run-group"
	semaphorepool "example.com/zoo/hard-healthy/semaphore-pool"
	singleflight "example.com/zoo/hard-healthy/single-flight"
	slowrequests "example.com/zoo/hard-healthy/slow-requests"
	startuptickers "example.com/zoo/hard-healthy/startup-tickers"
	timeouthandler "example.com/zoo/hard-healthy/timeout-handler"
	"example.com/zoo/hard-healthy/tunnel"
	warmcache "example.com/zoo/hard-healthy/warm-cache"
	"example.com/zoo/hard-healthy/websocket"
	websocketramp "example.com/zoo/hard-healthy/websocket-ramp"
	workerpool "example.com/zoo/hard-healthy/worker-pool"
	"example.com/zoo/http2-stream/events"
	"example.com/zoo/locked-thread/device"
	"example.com/zoo/memory-growth/closures"
	mapcache "example.com/zoo/memory-growth/map-cache"
	"example.com/zoo/memory-growth/substring"
	peraccount "example.com/zoo/mutex-double-lock/per-account"
	"example.com/zoo/mutex-double-lock/registry"
	fullchannel "example.com/zoo/mutex-held/full-channel"
	readerinio "example.com/zoo/mutex-held/reader-in-io"
	slowupstream "example.com/zoo/mutex-held/slow-upstream"
	threeway "example.com/zoo/mutex-order/three-way"
	"example.com/zoo/mutex-order/transfer"
	"example.com/zoo/no-client-timeout/proxy"
	"example.com/zoo/no-client-timeout/webhook"
	"example.com/zoo/once-reentrant/tenant"
	"example.com/zoo/pipe/reader"
	"example.com/zoo/pipe/writer"
	"example.com/zoo/rwmutex-recursive/shard"
	nocases "example.com/zoo/select-forever/no-cases"
	twochannels "example.com/zoo/select-forever/two-channels"
	"example.com/zoo/semaphore/slots"
	"example.com/zoo/semaphore/weighted"
	"example.com/zoo/service"
	"example.com/zoo/sql-db-per-request/open"
	connkept "example.com/zoo/sql-pool-exhausted/conn-kept"
	rowsheld "example.com/zoo/sql-pool-exhausted/rows-held"
	firstrow "example.com/zoo/sql-rows/first-row"
	norollback "example.com/zoo/sql-tx/no-rollback"
	"example.com/zoo/ticker-loop/presence"
	pricefeed "example.com/zoo/ticker-loop/price-feed"
	afterfunc "example.com/zoo/timer-loop/after-func"
	afterselect "example.com/zoo/timer-loop/after-select"
	"example.com/zoo/timer-loop/sleep"
	"example.com/zoo/transport-per-request/factory"
	"example.com/zoo/unclosed-body/sniff"
	statuscheck "example.com/zoo/unclosed-body/status-check"
	waitgroupearlyreturn "example.com/zoo/waitgroup/early-return"
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
	"channel-receive/tenant-workers":       pair(tenantworkers.Leaky, tenantworkers.Healthy),
	"channel-send/double-send":             pair(doublesend.Leaky, doublesend.Healthy),
	"channel-send/early-return":            pair(earlyreturn.Leaky, earlyreturn.Healthy),
	"channel-send/no-receiver":             pair(noreceiver.Leaky, noreceiver.Healthy),
	"channel-send/pipeline":                pair(pipeline.Leaky, pipeline.Healthy),
	"channel-send/rare":                    pair(rare.Leaky, rare.Healthy),
	"channel-send/safe-go":                 pair(safego.Leaky, safego.Healthy),
	"channel-send/timeout":                 pair(timeout.Leaky, timeout.Healthy),
	"cond/lost-signal":                     pair(lostsignal.Leaky, lostsignal.Healthy),
	"conn-no-deadline/dial":                pair(dial.Leaky, dial.Healthy),
	"conn-no-deadline/line-reader":         pair(linereader.Leaky, linereader.Healthy),
	"context-ignored/handler-polls":        pair(handlerpolls.Leaky, handlerpolls.Healthy),
	"context-ignored/retry-worker":         pair(retryworker.Leaky, retryworker.Healthy),
	"context-not-cancelled/custom-context": pair(customcontext.Leaky, customcontext.Healthy),
	"context-not-cancelled/long-timeout":   pair(longtimeout.Leaky, longtimeout.Healthy),
	"context-not-cancelled/select-done":    pair(selectdone.Leaky, selectdone.Healthy),
	"context-not-cancelled/session":        pair(session.Leaky, session.Healthy),
	"errgroup/deaf-member":                 pair(deafmember.Leaky, deafmember.Healthy),
	"errgroup/limit":                       pair(limit.Leaky, limit.Healthy),
	"exec-no-wait/context":                 pair(context.Leaky, context.Healthy),
	"exec-no-wait/output":                  pair(output.Leaky, output.Healthy),
	"grpc-stream/watch":                    pair(watch.Leaky, watch.Healthy),
	"hard-healthy/batch-drain":             healthyOnly(batchdrain.Healthy),
	"hard-healthy/busy-database":           healthyOnly(busydatabase.Healthy),
	"hard-healthy/child-process":           healthyOnly(childprocess.Healthy),
	"hard-healthy/connection-pool":         healthyOnly(connectionpool.Healthy),
	"hard-healthy/event-stream":            healthyOnly(eventstream.Healthy),
	"hard-healthy/exporters":               healthyOnly(exporters.Healthy),
	"hard-healthy/fan-out":                 healthyOnly(fanout.Healthy),
	"hard-healthy/grpc-reconnect":          healthyOnly(grpcreconnect.Healthy),
	"hard-healthy/keep-alive":              healthyOnly(keepalive.Healthy),
	"hard-healthy/load-ramp":               healthyOnly(loadramp.Healthy),
	"hard-healthy/load-rising":             healthyOnly(loadrising.Healthy),
	"hard-healthy/long-poll":               healthyOnly(longpoll.Healthy),
	"hard-healthy/long-poll-plain":         healthyOnly(longpollplain.Healthy),
	"hard-healthy/pub-sub":                 healthyOnly(pubsub.Healthy),
	"hard-healthy/request-deadlines":       healthyOnly(requestdeadlines.Healthy),
	"hard-healthy/reverse-proxy":           healthyOnly(reverseproxy.Healthy),
	"hard-healthy/run-group":               healthyOnly(rungroup.Healthy),
	"hard-healthy/semaphore-pool":          healthyOnly(semaphorepool.Healthy),
	"hard-healthy/single-flight":           healthyOnly(singleflight.Healthy),
	"hard-healthy/slow-requests":           healthyOnly(slowrequests.Healthy),
	"hard-healthy/startup-tickers":         healthyOnly(startuptickers.Healthy),
	"hard-healthy/timeout-handler":         healthyOnly(timeouthandler.Healthy),
	"hard-healthy/tunnel":                  healthyOnly(tunnel.Healthy),
	"hard-healthy/warm-cache":              healthyOnly(warmcache.Healthy),
	"hard-healthy/websocket":               healthyOnly(websocket.Healthy),
	"hard-healthy/websocket-ramp":          healthyOnly(websocketramp.Healthy),
	"hard-healthy/worker-pool":             healthyOnly(workerpool.Healthy),
	"http2-stream/events":                  pair(events.Leaky, events.Healthy),
	"locked-thread/device":                 pair(device.Leaky, device.Healthy),
	"memory-growth/closures":               pair(closures.Leaky, closures.Healthy),
	"memory-growth/map-cache":              pair(mapcache.Leaky, mapcache.Healthy),
	"memory-growth/substring":              pair(substring.Leaky, substring.Healthy),
	"mutex-double-lock/per-account":        pair(peraccount.Leaky, peraccount.Healthy),
	"mutex-double-lock/registry":           pair(registry.Leaky, registry.Healthy),
	"mutex-held/full-channel":              pair(fullchannel.Leaky, fullchannel.Healthy),
	"mutex-held/reader-in-io":              pair(readerinio.Leaky, readerinio.Healthy),
	"mutex-held/slow-upstream":             pair(slowupstream.Leaky, slowupstream.Healthy),
	"mutex-order/three-way":                pair(threeway.Leaky, threeway.Healthy),
	"mutex-order/transfer":                 pair(transfer.Leaky, transfer.Healthy),
	"no-client-timeout/proxy":              pair(proxy.Leaky, proxy.Healthy),
	"no-client-timeout/webhook":            pair(webhook.Leaky, webhook.Healthy),
	"once-reentrant/tenant":                pair(tenant.Leaky, tenant.Healthy),
	"pipe/reader":                          pair(reader.Leaky, reader.Healthy),
	"pipe/writer":                          pair(writer.Leaky, writer.Healthy),
	"rwmutex-recursive/shard":              pair(shard.Leaky, shard.Healthy),
	"select-forever/no-cases":              pair(nocases.Leaky, nocases.Healthy),
	"select-forever/two-channels":          pair(twochannels.Leaky, twochannels.Healthy),
	"semaphore/slots":                      pair(slots.Leaky, slots.Healthy),
	"semaphore/weighted":                   pair(weighted.Leaky, weighted.Healthy),
	"sql-db-per-request/open":              pair(open.Leaky, open.Healthy),
	"sql-pool-exhausted/conn-kept":         pair(connkept.Leaky, connkept.Healthy),
	"sql-pool-exhausted/rows-held":         pair(rowsheld.Leaky, rowsheld.Healthy),
	"sql-rows/first-row":                   pair(firstrow.Leaky, firstrow.Healthy),
	"sql-tx/no-rollback":                   pair(norollback.Leaky, norollback.Healthy),
	"ticker-loop/presence":                 pair(presence.Leaky, presence.Healthy),
	"ticker-loop/price-feed":               pair(pricefeed.Leaky, pricefeed.Healthy),
	"timer-loop/after-func":                pair(afterfunc.Leaky, afterfunc.Healthy),
	"timer-loop/after-select":              pair(afterselect.Leaky, afterselect.Healthy),
	"timer-loop/sleep":                     pair(sleep.Leaky, sleep.Healthy),
	"transport-per-request/factory":        pair(factory.Leaky, factory.Healthy),
	"unclosed-body/sniff":                  pair(sniff.Leaky, sniff.Healthy),
	"unclosed-body/status-check":           pair(statuscheck.Leaky, statuscheck.Healthy),
	"waitgroup/early-return":               pair(waitgroupearlyreturn.Leaky, waitgroupearlyreturn.Healthy),
}
