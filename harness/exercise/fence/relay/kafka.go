package relay

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Kafka says what a script may do on a Kafka that others use too.
type Kafka struct {
	Topics []string // that it can read and write
	Group  string   // in whose name it can read
	Limits Limits   // requests that write, and their bytes
	// Hold, if set, is how many requests that write are passed on. Those after them
	// wait, as if Kafka were slow, until the connection ends.
	Hold int64
}

// KafkaRelay is a proxy to Kafka. It stands for all of a cluster of one broker.
type KafkaRelay struct {
	*Relay
	own  Kafka
	left *budget
	sent atomic.Int64
	once sync.Once
	held chan struct{}
}

// StartKafka listens on a free port of 127.0.0.1, and forwards what the rules let
// through to the broker at addr, host:port, until ctx ends or [Relay.Close].
func StartKafka(ctx context.Context, addr string, own Kafka) (*KafkaRelay, error) {
	k := &KafkaRelay{own: own, left: newBudget(own.Limits), held: make(chan struct{})}
	var err error
	k.Relay, err = start(ctx, Broker{Addr: addr}, func(ctx context.Context) carrier {
		return &requests{KafkaRelay: k, ctx: ctx, asked: map[int32]kmsg.Request{}}
	})
	return k, err
}

// Held is closed once a request to write is held.
func (k *KafkaRelay) Held() <-chan struct{} { return k.held }

// requests carries one connection.
type requests struct {
	*KafkaRelay
	ctx   context.Context
	mu    sync.Mutex
	asked map[int32]kmsg.Request // without an answer yet, by correlation id
}

// maxRequest is how long a request may be, in bytes: clients write up to 1 MiB at a time
// (max.request.size).
const maxRequest = 2 << 20

// up forwards the requests that are allowed, as they are. Source of the framing: Kafka's
// protocol guide, "Request Header".
func (k *requests) up(to io.Writer, from io.Reader) error {
	for {
		frame, err := readFrame(from, maxRequest)
		if err != nil {
			return err
		}
		if err := k.check(frame); err != nil {
			return err
		}
		if _, err := to.Write(frame); err != nil {
			return err
		}
	}
}

// readFrame returns a request or an answer with the four bytes of its length.
func readFrame(from io.Reader, most uint32) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(from, size[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > most {
		return nil, &RefusedError{Server: "Kafka", What: fmt.Sprintf("sent a request of %d bytes, more than %d", n, most)}
	}
	frame := append(size[:], make([]byte, n)...)
	_, err := io.ReadFull(from, frame[4:])
	return frame, err
}

func (k *requests) check(frame []byte) error {
	id, req, err := parse(frame[4:])
	if err != nil {
		return k.refuse("%v", err)
	}
	if most, ok := allowed[kmsg.Key(req.Key())]; !ok || req.GetVersion() > most {
		return k.refuse("asked for %s, version %d, which isn't for scripts", kmsg.NameForKey(req.Key()), req.GetVersion())
	}
	topics, groups := named(req)
	for _, name := range topics {
		if !slices.Contains(k.own.Topics, name) {
			return k.refuse("named the topic %.100q", name)
		}
	}
	for _, name := range groups {
		if name != k.own.Group {
			return k.refuse("named the group %.100q", name)
		}
	}
	produce, writes := req.(*kmsg.ProduceRequest)
	if writes {
		if err := k.write(int64(len(frame))); err != nil || produce.Acks == 0 {
			return err // Kafka doesn't answer without acks
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, twice := k.asked[id]; twice { // which of its answers is to be edited?
		return k.refuse("asked twice with the number %d before an answer", id)
	}
	k.asked[id] = req
	return nil
}

// write holds a request to write, where that is wanted.
func (k *requests) write(size int64) error {
	if !k.left.take(size) {
		return k.refuse("wrote far more than there are rows")
	}
	if k.own.Hold > 0 && k.sent.Add(1) > k.own.Hold {
		k.once.Do(func() { close(k.held) })
		<-k.ctx.Done()
		return k.ctx.Err()
	}
	return nil
}

func (k *requests) refuse(format string, args ...any) error {
	return &RefusedError{Server: "Kafka", What: fmt.Sprintf(format, args...),
		Own: fmt.Sprintf("the topics %s and the group %s", strings.Join(k.own.Topics, ", "), k.own.Group)}
}

// parse returns a request with the id that its answer has.
func parse(body []byte) (id int32, req kmsg.Request, err error) {
	bad := fmt.Errorf("sent an invalid request")
	if len(body) < 10 {
		return 0, nil, bad
	}
	key, version := int16(binary.BigEndian.Uint16(body)), int16(binary.BigEndian.Uint16(body[2:]))
	id = int32(binary.BigEndian.Uint32(body[4:]))
	client := max(0, int(int16(binary.BigEndian.Uint16(body[8:]))))
	req = kmsg.RequestForKey(key)
	if req == nil || version < 0 || version > req.MaxVersion() || len(body) < 10+client {
		return 0, nil, bad
	}
	req.SetVersion(version)
	rest := body[10+client:]
	if req.IsFlexible() {
		if rest, err = untagged(rest); err != nil {
			return 0, nil, err
		}
	}
	if err := req.ReadFrom(rest); err != nil {
		return 0, nil, bad
	}
	return id, req, nil
}

// untagged leaves out the tagged fields of a header, of which clients send none.
func untagged(rest []byte) ([]byte, error) {
	if len(rest) == 0 || rest[0] != 0 {
		return nil, fmt.Errorf("sent a request with tags in its header")
	}
	return rest[1:], nil
}
