package probe

import "hoplab.example/harness/client/topic"

// Kafka compares a topic.
type Kafka struct {
	topic.Topic
	// Unkeyed: the records come from a bridge that gives them neither key nor
	// event time, as Kafka Connect's does.
	Unkeyed bool
	// Progress, if set, follows Check.
	Progress Progress
}
