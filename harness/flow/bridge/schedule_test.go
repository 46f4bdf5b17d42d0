package bridge

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

var (
	oneSeed = flag.Int64("schedule", -1, "play the schedule of this seed only, and say what happens in it")
	seeds   = flag.Int("schedules", 0, "how many schedules TestSchedules plays; default 3,000, a quarter of them against kfake")
)

// Whatever fails, and in whatever order: every message gets into Kafka, the
// messages of one key in their order, repeats aside; the broker hears of no
// message before Kafka has it; and nothing is repeated where no connection and
// no answer was lost. A schedule's decisions follow from its seed, which a
// failure names:
//
//	go test ./harness/flow/bridge -run TestSchedules -schedule SEED
//
// Each schedule has a broker, a Kafka and a network of its own in a bubble of
// virtual time, so keepalives, back-offs and limits of many seconds pass at once.
func TestSchedules(t *testing.T) {
	t.Parallel()
	if *oneSeed >= 0 {
		playSeed(t, uint64(*oneSeed), newTally())
		return
	}
	count := 3000
	if *seeds > 0 {
		count = *seeds
	}
	events := newTally()
	t.Run("play", func(t *testing.T) { playAll(t, count, events) })
	t.Logf("%d schedules: %v", count, events)
	if count < 1000 {
		return
	}
	for _, what := range allEvents {
		if events.count(what) == 0 {
			t.Errorf("no schedule reached %q: they don't disturb what they should", what)
		}
	}
}

func playAll(t *testing.T, count int, events *tally) {
	workers := runtime.GOMAXPROCS(0)
	for first := range workers {
		t.Run(fmt.Sprint("part ", first), func(t *testing.T) {
			t.Parallel()
			for seed := first; seed < count && !t.Failed(); seed += workers {
				// A name of its own, to recognize a hang by.
				t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { playSeed(t, uint64(seed), events) })
			}
		})
	}
}

func playSeed(t *testing.T, seed uint64, events *tally) {
	synctest.Test(t, func(t *testing.T) {
		s, err := newSchedule(t, seed, events)
		if err == nil {
			err = s.play()
			s.close()
		}
		if err != nil {
			t.Errorf("seed %d: %v\n%s", seed, err, s.happenings())
		} else if *oneSeed >= 0 {
			t.Logf("seed %d:\n%s", seed, s.happenings())
		}
	})
}

const (
	scheduled   = 60               // messages in a schedule
	patient     = 10 * time.Minute // of virtual time, until everything must be in Kafka
	mqttAddr    = "broker:1"
	publisherID = "publisher"
)

// configure draws limits: small ones are reached, large ones not.
func configure(random *rand.Rand) Config {
	return Config{
		Broker:      "tcp://" + mqttAddr,
		ClientID:    "hoplab-bridge",
		KeepAlive:   time.Duration(1+random.IntN(3)) * time.Second,
		MaxInFlight: []int{5, 20, 3000}[random.IntN(3)],
		MaxBatch:    []int{1, 7, 1000}[random.IntN(3)],
		FlushLimit:  []time.Duration{time.Millisecond, 20 * time.Millisecond, time.Minute}[random.IntN(3)],
		Partitions:  2,
		Record:      wisdm.Record,
	}
}

// messages are rows of three keys, and a few that aren't rows, which have none.
func messages(random *rand.Rand) (texts []string, keys map[string]string) {
	keys = map[string]string{}
	for n := range scheduled {
		subject := 1600 + random.IntN(3)
		text := row(subject, n)
		if random.IntN(20) == 0 {
			text = fmt.Sprint("no row ", n)
		} else {
			keys[text] = fmt.Sprint(subject)
		}
		texts = append(texts, text)
	}
	return texts, keys
}
