package component

import "fmt"

// All returns every component, in the order in which rows pass them.
func All() []Component {
	return []Component{
		Mosquitto(), Mochi(), Kafka(), Connect(),
		FlinkJobManager(), FlinkTaskManager(), FlinkGateway(),
		Elasticsearch(),
	}
}

// ByName returns the components of these names.
func ByName(names ...string) ([]Component, error) {
	known := map[string]Component{}
	var list []string
	for _, c := range All() {
		known[c.Name] = c
		list = append(list, c.Name)
	}
	var found []Component
	for _, name := range names {
		c, ok := known[name]
		if !ok {
			return nil, fmt.Errorf("no component is called %q; there are %v", name, list)
		}
		found = append(found, c)
	}
	return found, nil
}
