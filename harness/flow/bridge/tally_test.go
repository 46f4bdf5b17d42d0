package bridge

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// event is something that schedules are there to bring about.
type event string

const (
	brokerCut    event = "the broker cut the connection"
	mqttCut      event = "the way to the broker was cut"
	mqttMidway   event = "the way to the broker broke in the middle"
	mqttDown     event = "the broker was out of reach"
	mqttSilent   event = "the way to the broker fell silent"
	crashed      event = "the bridge was killed"
	restarted    event = "the bridge was restarted"
	flushMissed  event = "the bridge ended with messages in flight"
	refused      event = "the bridge refused messages"
	redelivered  event = "the broker sent messages again"
	repeated     event = "records were repeated"
	unrepeated   event = "a schedule that may not repeat any had trouble"
	kafkaRefused event = "Kafka took none of a write"
	kafkaPartly  event = "Kafka took some of a write"
	kafkaUnsaid  event = "Kafka took a write, but the answer was an error"
	kafkaSlow    event = "Kafka was slow"
	kafkaTooSlow event = "Kafka answered after the limit"
	kafkaHungUp  event = "Kafka hung up instead of answering"
	kafkaCut     event = "the way to Kafka broke"
	kafkaLost    event = "the way to Kafka broke, on the way back only"
	kafkaDown    event = "Kafka was out of reach"
	kafkaSilent  event = "the way to Kafka fell silent"
	kafkaMoved   event = "another Kafka broker became the leader"
	notPrepared  event = "Kafka didn't make the topic at first"
)

var allEvents = []event{
	brokerCut, mqttCut, mqttMidway, mqttDown, mqttSilent, crashed, restarted, flushMissed, refused, redelivered, repeated, unrepeated,
	kafkaRefused, kafkaPartly, kafkaUnsaid, kafkaSlow, kafkaTooSlow, kafkaHungUp, kafkaCut, kafkaLost, kafkaDown, kafkaSilent, kafkaMoved, notPrepared,
}

// harmless events don't leave anybody in doubt whether something was taken, so
// nothing is sent again after them that had been. A connection that the bridge
// ends itself isn't among them: where the broker is about to send more, it finds
// the connection closed and reads no further, so that the last acknowledgements
// may be lost.
var harmless = []event{kafkaRefused, kafkaPartly, kafkaSlow, kafkaHungUp, kafkaMoved, notPrepared}

// tally counts events.
type tally struct {
	mu sync.Mutex
	n  map[event]int
}

func newTally() *tally { return &tally{n: map[event]int{}} }

func (t *tally) add(what event, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n[what] += n
}

func (t *tally) count(what event) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n[what]
}

func (t *tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for what, n := range t.n {
		lines = append(lines, fmt.Sprintf("%7d  %s", n, what))
	}
	slices.Sort(lines)
	return "\n" + strings.Join(lines, "\n")
}
