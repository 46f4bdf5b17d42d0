package relay

import "fmt"

// RefusedError says why a client's connection was closed.
type RefusedError struct {
	Server string // MQTT or Kafka
	What   string // what it wanted to do
	Own    string // what it can use
}

func (e *RefusedError) Error() string {
	text := fmt.Sprintf("the script's %s connection was closed, because it %s", e.Server, e.What)
	if e.Own != "" {
		text += "; it can use only " + e.Own
	}
	return text
}

// Hint says what to do about it.
func (e *RefusedError) Hint() string {
	if e.Server == "MQTT" {
		return `use the topic that is in "$TOPIC"`
	}
	return "use the topics and the group that are in the environment"
}
