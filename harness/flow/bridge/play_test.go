package bridge

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/flow/broker"
)

// schedule is one play: a publisher, a broker, bridges one after another, and a
// Kafka, with a network between them.
type schedule struct {
	t       *testing.T
	random  *rand.Rand // of play; others have their own
	network *network
	broker  *broker.Broker
	store   store
	config  Config
	gentle  bool // only harmless events
	events  *tally

	texts      []string
	keys       map[string]string // of the texts that are rows
	subscribed atomic.Bool       // the broker keeps what is published from now on
	confirmed  atomic.Int64      // of the texts, those that the broker has confirmed

	host   *host // of the bridge that runs
	bridge *runs
	former []*runs
	over   sync.WaitGroup

	mu      sync.Mutex
	began   time.Time
	log     []string
	unsure  bool // something that isn't harmless has happened
	trouble int  // links that may yet break by themselves
}

func newSchedule(t *testing.T, seed uint64, events *tally) (*schedule, error) {
	random := func(part uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, part)) }
	s := &schedule{t: t, random: random(1), network: newNetwork(random(2)), events: events, began: time.Now()}
	s.gentle, s.config, s.trouble = s.random.IntN(4) == 0, configure(s.random), s.random.IntN(4)
	if s.gentle {
		s.config.MaxInFlight = 3000 // more than the broker's window: nothing is refused
	}
	s.texts, s.keys = messages(s.random)
	l, err := s.network.listen("tcp", mqttAddr)
	if err != nil {
		return s, err
	}
	if s.broker, err = broker.StartOn(l); err != nil {
		return s, err
	}
	if s.store, err = newStore(s, seed, random(3)); err != nil {
		return s, err
	}
	s.network.trouble = s.breakLater
	s.launch()
	return s, nil
}

// happened counts an event, and remembers what it may lead to.
func (s *schedule) happened(what event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events.add(what, 1)
	s.log = append(s.log, fmt.Sprintf("%10v %s", time.Since(s.began), what))
	s.unsure = s.unsure || !slices.Contains(harmless, what)
}

func (s *schedule) happenings() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%+v\n%s", s.config, strings.Join(s.log, "\n"))
}

// launch starts a bridge on a host of its own.
func (s *schedule) launch() {
	host := s.network.host()
	host.frail = !s.gentle
	cfg := s.config
	cfg.openMQTT = opener(host)
	s.store.reach(&cfg, host)
	r := launch(s.t.Context(), cfg, s.store.sink(cfg))
	s.host, s.bridge = host, r
	s.over.Go(func() {
		select {
		case <-r.Ready():
			s.subscribed.Store(true)
		case <-r.over:
		}
	})
}

func opener(h *host) mqtt.OpenConnectionFunc {
	return func(at *url.URL, options mqtt.ClientOptions) (net.Conn, error) {
		raw, err := h.dial(context.Background(), "tcp", at.Host)
		if err != nil {
			return nil, err
		}
		return wire.Over(raw), nil
	}
}

func (s *schedule) play() error {
	published := make(chan error, 1)
	random := rand.New(rand.NewPCG(s.random.Uint64(), 0))
	go func() { published <- s.publish(random) }()
	for range 2 + s.random.IntN(5) {
		time.Sleep(time.Duration(s.random.IntN(20000)) * time.Microsecond)
		s.disturb()
		if err := s.checkAcked(); err != nil {
			return err
		}
	}
	if err := <-published; err != nil {
		return err
	}
	if err := s.settle(); err != nil {
		return err
	}
	return s.compare()
}

// publish sends the texts in bursts, as soon as the broker has a session for them.
func (s *schedule) publish(random *rand.Rand) error {
	for limit := time.Now().Add(patient); !s.subscribed.Load(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			return errors.New("no bridge has subscribed")
		}
	}
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + mqttAddr).SetClientID(publisherID).
		SetProtocolVersion(4).SetAutoReconnect(false).SetCustomOpenConnectionFn(opener(s.network.host())))
	if err := finished(client.Connect()); err != nil {
		return err
	}
	defer client.Disconnect(100)
	for left := s.texts; len(left) > 0; {
		n := min(len(left), 1+random.IntN(25))
		var tokens []mqtt.Token
		for _, text := range left[:n] {
			tokens = append(tokens, client.Publish("smart", 1, false, text))
		}
		for _, token := range tokens {
			if err := finished(token); err != nil {
				return err
			}
			s.confirmed.Add(1)
		}
		left = left[n:]
		time.Sleep(time.Duration(random.IntN(10000)) * time.Microsecond)
	}
	return nil
}

func finished(token mqtt.Token) error {
	if !token.WaitTimeout(patient) {
		return errors.New("the publisher got no answer")
	}
	return token.Error()
}

// settle waits until the broker has nothing left to deliver, and ends the bridge.
func (s *schedule) settle() error {
	limit := time.Now().Add(patient)
	for pause := time.Millisecond; s.broker.Pending("hoplab-bridge") > 0; pause = min(2*pause, time.Second) {
		if time.Now().After(limit) {
			return fmt.Errorf("%d messages aren't acknowledged; %+v, trouble: %w", s.broker.Pending("hoplab-bridge"), s.bridge.Stats(), s.bridge.Trouble())
		}
		time.Sleep(pause)
	}
	select {
	case <-s.bridge.Ready():
	case <-time.After(patient):
		return fmt.Errorf("the last bridge is never ready, trouble: %w", s.bridge.Trouble())
	}
	if err := s.bridge.end(); err != nil && s.bridge.Stats().InFlight > 0 {
		s.happened(flushMissed) // messages that the broker had sent twice
	} else if err != nil {
		return fmt.Errorf("the bridge's end: %w", err)
	}
	return nil
}

// close ends everything, for nothing may outlive its bubble.
func (s *schedule) close() {
	for _, r := range append(s.former, s.bridge) {
		_ = r.end() // of interest while it played
		stats := r.Stats()
		s.events.add(refused, int(stats.Refused))
		s.events.add(redelivered, int(stats.Redelivered))
	}
	s.over.Wait()
	s.broker.Close()
	s.store.close()
	time.Sleep(time.Minute) // the clients' last goroutines wait for some limit
}
