package bridge

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// note is a message of a test.
type note struct {
	mqtt.Message
	text string
}

func (n note) Payload() []byte { return []byte(n.text) }

func (n note) Duplicate() bool { return false }

func (n note) Topic() string { return "smart" }

func notes(texts string) (messages []mqtt.Message) {
	for _, text := range strings.Fields(texts) {
		messages = append(messages, note{text: text})
	}
	return messages
}

func texts(batch []mqtt.Message) string {
	var all []string
	for _, m := range batch {
		all = append(all, string(m.Payload()))
	}
	return strings.Join(all, " ")
}

func filled(t *testing.T, q *queue, list string) {
	t.Helper()
	for _, m := range notes(list) {
		if !q.tryPut(m) {
			t.Fatalf("no room for %s", m.Payload())
		}
	}
}

func TestQueueBounds(t *testing.T) {
	tests := []struct {
		name         string
		items, bytes int
		held, more   string
		room         bool
	}{
		{"items", 3, 100, "a b", "c", true},
		{"too many items", 3, 100, "a b c", "d", false},
		{"bytes", 10, 5, "aa bb", "c", true},
		{"too many bytes", 10, 5, "aa bb", "cc", false},
		{"larger than all, alone", 10, 5, "", "aaaaaaaa", true},
		{"larger than all, not alone", 10, 5, "a", "aaaaaaaa", false},
	}
	for _, test := range tests {
		q := newQueue(test.items, test.bytes)
		filled(t, q, test.held)
		q.tryTake(1, 100, true) // what was taken still counts
		if got := q.tryPut(note{text: test.more}); got != test.room {
			t.Errorf("%s: room %v, want %v", test.name, got, test.room)
		}
	}
}

func TestQueueOrder(t *testing.T) {
	q := newQueue(100, 1000)
	filled(t, q, "a b cc dd e")
	steps := []struct {
		n, size int
		want    string
	}{{2, 100, "a b"}, {9, 3, "cc"}, {9, 1, "dd"}, {9, 9, "e"}}
	for _, step := range steps {
		if got := texts(q.take(t.Context(), step.n, step.size)); got != step.want {
			t.Errorf("take(%d, %d) = %q, want %q", step.n, step.size, got, step.want)
		}
	}
	filled(t, q, "large")
	if batch, closed := q.tryTake(9, 4, false); len(batch) > 0 || closed {
		t.Errorf("tryTake = %q, %v; it's too large to be added", texts(batch), closed)
	}
	if held, peak := q.held(); held != 6 || peak != 6 {
		t.Errorf("held %d, peak %d; want 6, 6", held, peak)
	}
	q.release(notes("a b cc dd e"))
	if held, peak := q.held(); held != 1 || peak != 6 || q.bytes != len("large") {
		t.Errorf("held %d, peak %d, %d bytes; want 1, 6, 5", held, peak, q.bytes)
	}
}

func TestQueuePatience(t *testing.T) {
	q := newQueue(1, 100)
	filled(t, q, "a")
	began := time.Now()
	if q.put(t.Context(), note{text: "b"}, 50*time.Millisecond) {
		t.Error("there was room in a full queue")
	}
	if took := time.Since(began); took < 50*time.Millisecond {
		t.Errorf("it waited %v", took)
	}
	put := make(chan bool)
	go func() { put <- q.put(t.Context(), note{text: "b"}, time.Minute) }()
	q.release(q.take(t.Context(), 1, 100))
	if !<-put {
		t.Error("no room after a release")
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { put <- q.put(ctx, note{text: "c"}, time.Minute) }()
	cancel()
	if <-put {
		t.Error("room in a full queue")
	}
}

func TestQueueTakeWaits(t *testing.T) {
	q := newQueue(10, 100)
	taken := make(chan string)
	take := func(ctx context.Context) { taken <- texts(q.take(ctx, 10, 100)) }
	go take(t.Context())
	filled(t, q, "a")
	if got := <-taken; got != "a" {
		t.Errorf("took %q", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go take(ctx)
	cancel()
	if got := <-taken; got != "" {
		t.Errorf("took %q from an empty queue", got)
	}
}

func TestQueueDrained(t *testing.T) {
	q := newQueue(10, 100)
	filled(t, q, "a b")
	drained := make(chan error)
	go func() { drained <- q.drained(t.Context()) }()
	q.release(q.take(t.Context(), 1, 100))
	select {
	case <-drained:
		t.Fatal("drained with one in flight")
	case <-time.After(20 * time.Millisecond):
	}
	q.release(q.take(t.Context(), 1, 100))
	if err := <-drained; err != nil {
		t.Error(err)
	}
	filled(t, q, "c")
	ctx, cancel := context.WithCancel(t.Context())
	go func() { drained <- q.drained(ctx) }()
	cancel()
	if err := <-drained; err == nil {
		t.Error("drained with one in flight")
	}
}

func TestQueueClose(t *testing.T) {
	q := newQueue(2, 100)
	filled(t, q, "a b")
	put := make(chan bool)
	go func() { put <- q.put(t.Context(), note{text: "c"}, time.Minute) }()
	q.close()
	if <-put || q.tryPut(note{text: "d"}) {
		t.Error("a closed queue takes messages")
	}
	if got := texts(q.take(t.Context(), 10, 100)); got != "a b" {
		t.Errorf("took %q, want what was there", got)
	}
	if got := q.take(t.Context(), 10, 100); len(got) > 0 {
		t.Errorf("took %q from an empty queue", texts(got))
	}
}

func TestPatience(t *testing.T) {
	p := patience{each: 10, period: 60}
	now := time.Now()
	var got []time.Duration
	for _, step := range []struct{ after, spent time.Duration }{{0, 4}, {5, 7}, {20, 0}, {61, 3}, {100, 0}} {
		got = append(got, p.remaining(now.Add(step.after)))
		p.spend(step.spent)
	}
	if fmt.Sprint(got) != "[10ns 6ns 0s 10ns 7ns]" {
		t.Errorf("remaining %v, want [10ns 6ns 0s 10ns 7ns]", got)
	}
}

// What paho still delivers of an ended connection isn't taken: it would
// overtake what the next one brings.
func TestEndedLineTakesNothing(t *testing.T) {
	b := newBridge(Config{Source: "smart", KeepAlive: time.Second, MaxInFlight: 10, MaxBytes: 100}, &fake{})
	l := newLine(t.Context(), b)
	l.receive(nil, note{text: "a"})
	l.end()
	l.receive(nil, note{text: "b"})
	if s := b.Stats(); s.Received != 1 || s.Refused != 1 || s.InFlight != 1 {
		t.Errorf("stats = %+v", s)
	}
	select {
	case <-l.overflow:
		t.Error("the end of a line isn't an overflow")
	default:
	}
}

// Once a message is refused, so are those after it.
func TestRefusingLineGoesOn(t *testing.T) {
	b := newBridge(Config{Source: "smart", KeepAlive: time.Second, MaxInFlight: 1, MaxBytes: 100}, &fake{})
	l := newLine(t.Context(), b)
	for _, m := range notes("a b") {
		l.receive(nil, m)
	}
	<-l.overflow
	b.queue.release(b.queue.take(t.Context(), 1, 100))
	l.receive(nil, note{text: "c"})
	if s := b.Stats(); s.Received != 1 || s.Refused != 2 {
		t.Errorf("stats = %+v", s)
	}
}
