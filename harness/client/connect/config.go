package connect

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// ReadConfig reads a connector's config: a JSON object, or one in the form
// {"name": …, "config": {…}} in which connectors are posted, whose name is ignored.
// Like Kafka Connect, it accepts numbers and booleans for text.
func ReadConfig(text []byte) (map[string]string, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var config map[string]any
	if err := decoder.Decode(&config); err != nil {
		return nil, err
	}
	_, named := config["name"]
	if inner, ok := config["config"].(map[string]any); ok && named && len(config) == 2 {
		config = inner
	}
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
