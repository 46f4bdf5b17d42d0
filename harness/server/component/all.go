package component

import "slices"

// All returns the description of every component, in the order in which rows
// pass them. Which of them there are at which version is a stack's business.
func All() []Component {
	return []Component{
		Mosquitto(), Mochi(), ZooKeeper(), Kafka(), Connect(),
		FlinkJobManager(), FlinkTaskManager(), FlinkGateway(),
		Elasticsearch(), Kibana(), Grafana(), Toxiproxy(),
		Spark(), Superset(),
	}
}

// At returns the names of the components that are part of some hops.
func At(hops ...string) (names []string) {
	for _, c := range All() {
		if slices.Contains(hops, c.Hop) {
			names = append(names, c.Name)
		}
	}
	return names
}

// HopOf returns the hop of a component, or "".
func HopOf(name string) string {
	for _, c := range All() {
		if c.Name == name {
			return c.Hop
		}
	}
	return ""
}
