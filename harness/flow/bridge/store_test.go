package bridge

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// store is the Kafka of a schedule.
type store interface {
	// reach is where a bridge on that host finds the store.
	reach(cfg *Config, h *host)
	sink(cfg Config) sink
	// stored returns all records so far, those of a key in order.
	stored() ([]kafka.Message, error)
	// disturb brings about one event that is the store's own.
	disturb(s *schedule)
	close()
}

// newStore is kfake behind the bridge's real sink for every fourth seed.
func newStore(s *schedule, seed uint64, random *rand.Rand) (store, error) {
	if onKfake(seed) {
		return newKfake(s, random)
	}
	return newFlaky(s, random), nil
}

// flaky is a fake sink whose first writes fail in the ways in which Kafka's do.
type flaky struct {
	*fake
	s *schedule

	mu     sync.Mutex
	random *rand.Rand
	limit  int // writes that may yet fail
}

func newFlaky(s *schedule, random *rand.Rand) *flaky {
	f := &flaky{fake: &fake{}, s: s, random: random, limit: random.IntN(12)}
	f.writing = f.fail
	return f
}

func (f *flaky) reach(*Config, *host)             {}
func (f *flaky) sink(Config) sink                 { return f.fake }
func (f *flaky) stored() ([]kafka.Message, error) { return f.all(), nil }

func (f *flaky) disturb(*schedule) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.limit += 1 + f.random.IntN(3)
}

// draw returns the way to fail, and whether what was written gets lost on the
// way back.
func (f *flaky) draw() (way int, lost bool, pause time.Duration, key int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.limit == 0 {
		return -1, false, 0, 0
	}
	f.limit--
	lost = !f.s.gentle && f.random.IntN(2) == 0
	return f.random.IntN(3), lost, time.Duration(f.random.IntN(40)) * time.Millisecond, f.random.IntN(1000)
}

func (f *flaky) fail(ctx context.Context, records []kafka.Message) ([]kafka.Message, bool, error) {
	way, lost, pause, key := f.draw()
	what, left := kafkaRefused, records
	switch way {
	case -1:
		return nil, false, nil
	case 0:
	case 1:
		what, left = kafkaPartly, share(records, string(records[key%len(records)].Key))
	case 2:
		f.s.happened(kafkaSlow)
		select {
		case <-time.After(pause):
			return nil, false, nil
		case <-ctx.Done():
		}
	}
	if lost {
		what = kafkaUnsaid
	}
	f.s.happened(what)
	return left, lost, errors.Join(errors.New(string(what)), ctx.Err())
}

func share(records []kafka.Message, key string) []kafka.Message {
	return slices.DeleteFunc(slices.Clone(records), func(r kafka.Message) bool { return string(r.Key) != key })
}

func (f *flaky) close() {}

func onKfake(seed uint64) bool { return seed/4%4 == 3 }
