package bridge

import (
	"context"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// queue holds the messages in flight, in order of arrival: first they wait to
// be taken, then they are held until they are released. Its bounds count both.
type queue struct {
	maxItems, maxBytes int
	arrived            chan struct{} // has one element when something may wait
	room               chan struct{} // has one element when something was released

	mu      sync.Mutex
	waiting []mqtt.Message
	items   int // waiting and held
	bytes   int
	peak    int // of items
	closed  bool
}

func newQueue(maxItems, maxBytes int) *queue {
	return &queue{
		maxItems: maxItems, maxBytes: maxBytes,
		arrived: make(chan struct{}, 1), room: make(chan struct{}, 1),
	}
}

// put appends m if there is room, and waits up to patience for some. It reports
// false where there was none, the queue is closed, or ctx ends. It is for one
// goroutine at a time.
func (q *queue) put(ctx context.Context, m mqtt.Message, patience time.Duration) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for !q.ended() {
		if q.tryPut(m) {
			return true
		}
		select {
		case <-q.room:
		case <-timer.C:
			return q.tryPut(m)
		case <-ctx.Done():
			return false
		}
	}
	return false
}

// tryPut doesn't wait. It takes a message that alone exceeds the bytes when
// nothing else is in flight. A closed queue has no room.
func (q *queue) tryPut(m mqtt.Message) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	size := len(m.Payload())
	full := q.items >= q.maxItems || q.bytes+size > q.maxBytes
	if q.closed || full && q.items > 0 {
		return false
	}
	q.waiting = append(q.waiting, m)
	q.items++
	q.bytes += size
	q.peak = max(q.peak, q.items)
	signal(q.arrived)
	return true
}

// take waits until something waits, and hands it out: at most n messages and,
// unless the first is larger, size bytes. It returns nothing when the queue is
// closed and empty, or ctx ends.
func (q *queue) take(ctx context.Context, n, size int) []mqtt.Message {
	for {
		batch, closed := q.tryTake(n, size, true)
		if len(batch) > 0 || closed {
			return batch
		}
		select {
		case <-q.arrived:
		case <-ctx.Done():
			return nil
		}
	}
}

// tryTake doesn't wait. If alone, the first message may exceed size.
func (q *queue) tryTake(n, size int, alone bool) (batch []mqtt.Message, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n = min(n, len(q.waiting))
	for i, m := range q.waiting[:n] {
		if size -= len(m.Payload()); size < 0 && (i > 0 || !alone) {
			n = i
			break
		}
	}
	batch = append(batch, q.waiting[:n]...)
	rest := copy(q.waiting, q.waiting[n:])
	clear(q.waiting[rest:]) // lets go of the payloads
	q.waiting = q.waiting[:rest]
	return batch, q.closed
}

// release says that a batch is no longer in flight.
func (q *queue) release(batch []mqtt.Message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items -= len(batch)
	for _, m := range batch {
		q.bytes -= len(m.Payload())
	}
	signal(q.room)
}

// drained waits until nothing is in flight. It is for the goroutine that puts.
func (q *queue) drained(ctx context.Context) error {
	for {
		if items, _ := q.held(); items == 0 {
			return nil
		}
		select {
		case <-q.room:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (q *queue) held() (items, peak int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.items, q.peak
}

// close lets nothing more in. What waits can still be taken.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	signal(q.arrived)
	signal(q.room)
}

func (q *queue) ended() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
