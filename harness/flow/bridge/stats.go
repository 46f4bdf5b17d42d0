package bridge

import "sync/atomic"

// Stats counts what a bridge has done since it was made. All but InFlight and
// its peak only grow.
type Stats struct {
	Received    int64 // messages taken from MQTT
	Redelivered int64 // of them, sent again by the broker (DUP flag)
	Foreign     int64 // of them, of other topics, by an older subscription of the session; acknowledged and dropped
	Refused     int64 // messages read while the queue was full; the broker sends them again
	Forwarded   int64 // records that Kafka has
	Bytes       int64 // of their values
	Unkeyed     int64 // of them, not a row: null key and the header hoplab-error
	Acked       int64 // messages acknowledged to MQTT, lost acknowledgements included
	Retries     int64 // failed attempts at Kafka
	Reconnects  int64 // attempts to connect to MQTT after the first
	InFlight    int64 // received, not yet acknowledged
	Peak        int64 // the highest InFlight
}

type counters struct {
	received, redelivered, foreign, refused, forwarded, bytes, unkeyed, acked, retries, reconnects atomic.Int64
}

// Stats returns the counters as they are now. It may be called at any time.
func (b *Bridge) Stats() Stats {
	held, peak := b.queue.held()
	return Stats{
		Received:    b.stats.received.Load(),
		Redelivered: b.stats.redelivered.Load(),
		Foreign:     b.stats.foreign.Load(),
		Refused:     b.stats.refused.Load(),
		Forwarded:   b.stats.forwarded.Load(),
		Bytes:       b.stats.bytes.Load(),
		Unkeyed:     b.stats.unkeyed.Load(),
		Acked:       b.stats.acked.Load(),
		Retries:     b.stats.retries.Load(),
		Reconnects:  b.stats.reconnects.Load(),
		InFlight:    int64(held),
		Peak:        int64(peak),
	}
}

// Trouble returns why the bridge can't carry anything at the moment, as of its
// last attempt at either side, or nil. It tries again by itself.
func (b *Bridge) Trouble() error {
	for _, side := range []*atomic.Pointer[error]{&b.rivalTrouble, &b.mqttTrouble, &b.kafkaTrouble} {
		if err := side.Load(); err != nil && *err != nil {
			return *err
		}
	}
	return nil
}
