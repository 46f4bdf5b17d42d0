package connect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Around returns whether a key stands beside a connector's config where it is posted,
// {"name": …, "config": {…}}, or where Connect gives it out. Source: Apache Kafka, Connect's
// REST API: POST /connectors, GET /connectors/{name}.
func Around(key string) bool {
	return slices.Contains([]string{"name", "config", "initial_state", "tasks", "type"}, key)
}

// ReadConfig reads a connector's config: a JSON object, or one inside what is posted or
// given out, see [Around]. The name is left out, which GET /connectors/{name}/config has
// too. Like Kafka Connect, it accepts numbers and booleans for text.
func ReadConfig(text []byte) (map[string]string, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var config map[string]any
	if err := decoder.Decode(&config); err != nil {
		return nil, err
	}
	inner, wrapped := config["config"].(map[string]any)
	for key := range config {
		wrapped = wrapped && Around(key)
	}
	if wrapped {
		config = inner
	}
	delete(config, "name")
	texts := map[string]string{}
	for key, value := range config {
		switch value.(type) {
		case string, json.Number, bool:
			texts[key] = fmt.Sprint(value)
		default:
			return nil, fmt.Errorf("%s has no single value: write a text in double quotes, a number, true or false", key)
		}
	}
	return texts, nil
}
