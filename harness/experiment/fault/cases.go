package fault

import (
	"fmt"
	"slices"
	"time"
)

const (
	// saved is longer than the 5 s after which mosquitto saves its sessions and
	// queues (autosave_interval): a session younger than that may be forgotten.
	saved = 7 * time.Second
	// away is how long something that was killed or cut stays so.
	away = 2 * time.Second
	// backlogRate, in rows/s, fills a queue soon, and is a rate that the pipeline sustains
	// while other tests run: rows go on coming until all hops have caught up.
	backlogRate = 1500
	// connectLoses is why rows are lost with Kafka Connect, and where.
	connectLoses = "the Camel connector acknowledges a message when it is in its own queue, not when Kafka has it"
)

// Cases are all faults, in the order in which rows meet what they are done to.
func Cases() []Case {
	return slices.Concat(kills(), pauses(), cuts(), []Case{
		{Name: "20,000 rows while the bridge is away", Short: true, rate: backlogRate, pull: backlog(20_000)},
		{
			Name: "20,000 rows, a queue of 5,000 and no bridge", rate: backlogRate, pull: backlog(20_000), Short: true, begun: saved,
			broker: "mosquitto-small", needs: []string{"mosquitto-small"}, counts: true,
			Loses: "a full queue: mosquitto drops what it has no room for, acknowledges it all the same, and counts it",
		},
		{Name: "index closed for writing (403)", pull: block("index.blocks.write")},
		{Name: "index read-only as on a full disk (429)", Short: true, pull: block("index.blocks.read_only_allow_delete")},
	})
}

// server is one that is killed, and paused for longer than the longest time after
// which a peer gives up.
type server struct {
	name  string
	pause time.Duration
	begun time.Duration // how long rows must have flowed before it is killed
}

// The peers' limits are the MQTT keepalive of 4 s, 10 s for Kafka's answers to the
// bridge, Flink's heartbeat of 20 s, and 30 s for Elasticsearch's answers to the
// sink. For the gateway nobody waits while rows flow.
var servers = []server{
	{"mosquitto", 8 * time.Second, saved},
	{"kafka", 15 * time.Second, 0},
	{"flink-taskmanager", 25 * time.Second, 0},
	{"flink-jobmanager", 25 * time.Second, 0},
	{"flink-gateway", 15 * time.Second, 0},
	{"elasticsearch", 35 * time.Second, 0},
}

func kills() []Case {
	cases := []Case{{Name: "kill bridge", Short: true, pull: killBridge}}
	for _, s := range servers {
		cases = append(cases, Case{Name: "kill " + s.name, Short: true, begun: s.begun, pull: kill(s.name)})
	}
	return append(cases, Case{
		Name: "kill connect", Short: true, Connect: true, Loses: connectLoses, needs: []string{"connect"}, pull: kill("connect"),
	})
}

func pauses() []Case {
	cases := []Case{{Name: "pause bridge for 10 s", pull: pauseBridge(10 * time.Second)}}
	for _, s := range servers {
		cases = append(cases, Case{Name: fmt.Sprintf("pause %s for %.0f s", s.name, s.pause.Seconds()), pull: pause(s.name, s.pause)})
	}
	return append(cases, Case{
		Name: "pause connect for 15 s", Connect: true, Loses: connectLoses, needs: []string{"connect"}, pull: pause("connect", 15*time.Second),
	})
}

func cuts() []Case {
	var cases []Case
	for _, way := range []struct {
		name, ends string
		hold       time.Duration // longer than who waits there waits
	}{
		{"publisher", "publisher - mosquitto", 10 * time.Second},
		{"subscriber", "mosquitto - bridge", 10 * time.Second},
		{"producer", "bridge - kafka", 15 * time.Second},
		{"consumer", "kafka - flink", 35 * time.Second},
		{"sink", "flink - elasticsearch", 35 * time.Second},
	} {
		cases = append(cases,
			Case{Name: "cut " + way.ends, Short: way.name == "producer", pull: cutWay(way.name)},
			Case{Name: fmt.Sprintf("%s silent for %.0f s", way.ends, way.hold.Seconds()), pull: holdWay(way.name, way.hold)})
	}
	return cases
}
