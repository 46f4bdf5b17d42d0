package fault

import "hoplab.example/harness/server/keeper"

// behind are the sites of a stack whose servers reach one another through the
// toxiproxy. Probes ask the servers themselves.
type behind struct{ keeper.State }

// Peer returns where a component is to reach a port of another.
func (b behind) Peer(component, port string) string {
	if way, ok := ways[component+"."+port]; ok {
		return b.State.Peer("toxiproxy", way)
	}
	return b.State.Peer(component, port)
}

// ways are those that other components take. Kafka Connect subscribes to the
// broker in the bridge's place.
var ways = map[string]string{
	"mosquitto.mqtt": "subscriber", "kafka.peer": "consumer", "elasticsearch.http": "sink",
}
