package bridge

import (
	"fmt"

	"github.com/segmentio/kafka-go"
)

// checkAcked compares what the broker has forgotten with what Kafka has. The
// broker forgets in order: of the messages that it had when it was asked, all but
// those pending at the end.
func (s *schedule) checkAcked() error {
	confirmed := int(s.confirmed.Load())
	acked := confirmed - s.broker.Pending("hoplab-bridge")
	if acked <= 0 {
		return nil
	}
	records, err := s.store.stored()
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, r := range records {
		have[string(r.Value)] = true
	}
	for i, text := range s.texts[:acked] {
		if !have[text] {
			return fmt.Errorf("message %d was acknowledged, but Kafka doesn't have it: %s", i, text)
		}
	}
	return nil
}

// compare looks at what is in Kafka when everything is over.
func (s *schedule) compare() error {
	records, err := s.store.stored()
	if err != nil {
		return err
	}
	different := map[string]bool{}
	for _, r := range records {
		different[string(r.Value)] = true
	}
	for i, text := range s.texts {
		if !different[text] {
			return fmt.Errorf("message %d isn't in Kafka: %s", i, text)
		}
	}
	if err := s.inOrder(records); err != nil {
		return err
	}
	return s.judgeRepeats(len(records) - len(s.texts))
}

func (s *schedule) judgeRepeats(n int) error {
	s.mu.Lock()
	unsure, troubled := s.unsure, len(s.log) > 0
	s.mu.Unlock()
	if n > 0 && !unsure {
		return fmt.Errorf("%d records are repeats, though nothing happened that allows them", n)
	}
	if n > 0 {
		s.events.add(repeated, n)
	}
	if !unsure && troubled {
		s.events.add(unrepeated, 1)
	}
	return nil
}

// inOrder compares the first record of each message with the messages of its key.
func (s *schedule) inOrder(records []kafka.Message) error {
	left := map[string][]string{}
	for _, text := range s.texts {
		left[s.keys[text]] = append(left[s.keys[text]], text)
	}
	seen := map[string]bool{}
	for _, r := range records {
		key, value := string(r.Key), string(r.Value)
		if key != s.keys[value] {
			return fmt.Errorf("key %q of %s", key, value)
		}
		if seen[value] || key == "" {
			continue
		}
		seen[value] = true
		if len(left[key]) == 0 || left[key][0] != value {
			return fmt.Errorf("key %s: %s comes before %s", key, value, left[key][:min(1, len(left[key]))])
		}
		left[key] = left[key][1:]
	}
	return nil
}
