package pipeline

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
)

// Scale is over how much of each cluster a run spreads its rows. 0 leaves it to the
// bridge's default, the labs' files, and the servers.
type Scale struct {
	Partitions int // of the topic of Kafka
	Parallel   int // the parallelism of Flink's job
	Shards     int // of the index of Elasticsearch
}

// Check reports a number that no cluster can have.
func (s Scale) Check() error {
	if s.Partitions < 0 || s.Parallel < 0 || s.Shards < 0 {
		return fmt.Errorf("partitions are %d, parallel is %d and shards are %d: none may be negative", s.Partitions, s.Parallel, s.Shards)
	}
	return nil
}

// session adds Flink's settings.
func (s Scale) session(settings []string) []string {
	if s.Parallel == 0 {
		return settings
	}
	return append(settings[:len(settings):len(settings)], "parallelism.default", strconv.Itoa(s.Parallel))
}

// index returns the settings of an index, as JSON; nil leaves it to the template.
func (s Scale) index(settings map[string]string) ([]byte, error) {
	if s.Shards > 0 {
		if settings = maps.Clone(settings); settings == nil {
			settings = map[string]string{}
		}
		settings["number_of_shards"] = strconv.Itoa(s.Shards)
	}
	if settings == nil {
		return nil, nil
	}
	return json.Marshal(map[string]any{"settings": settings})
}
