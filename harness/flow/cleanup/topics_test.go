package cleanup

import (
	"testing"

	"hoplab.example/harness/flow/pipeline"
)

// TestTopicsAreNamed: Kafka deletes no topic without a name.
func TestTopicsAreNamed(t *testing.T) {
	p := pipeline.Pipeline{Sites: oneServer("127.0.0.1:1"), Names: pipeline.NewNames("a")}
	if topics := topics(p); len(topics) != 2 || topics[0] != "smart_a" || topics[1] != "smart_a-rejected" {
		t.Errorf("topics = %q", topics)
	}
}
