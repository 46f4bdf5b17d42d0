package exporter

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/segmentio/kafka-go"
)

// document is one that is to be written, and where it came from.
type document struct {
	id     string
	source []byte
	from   kafka.Message
}

// plain is Config.Document's default.
func plain(m kafka.Message) (id string, source []byte, err error) {
	if !json.Valid(m.Value) {
		return "", nil, errors.New("the message isn't JSON")
	}
	return fmt.Sprintf("%s+%d+%d", m.Topic, m.Partition, m.Offset), m.Value, nil
}
