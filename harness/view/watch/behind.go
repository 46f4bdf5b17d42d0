package watch

import (
	"fmt"
	"time"

	"hoplab.example/harness/verify/hop"
)

// advice says what to check if a hop has fallen behind the one before it.
var advice = map[string]string{
	hop.Kafka:         "is a bridge running ('lab bridge', or Kafka Connect), from this MQTT topic to this Kafka topic?",
	hop.Flink:         "is a job running that reads this topic? Flink's own page lists the jobs",
	hop.Elasticsearch: "does the job write each row to this index? Its exceptions are on Flink's own page, and 'lab logs flink-taskmanager' shows its log",
}

// behind returns a problem if hop i has been behind the one before it for too long,
// or "". It compares how much each has grown, because their numbers of rows differ
// for good reasons: Elasticsearch overwrites a row that comes twice, and MQTT and
// Flink count from when they began.
func (s *sampler) behind(at time.Time, i int) string {
	if i == 0 || s.seen[watched[i]].Absent || s.passedBy(i) {
		return ""
	}
	earlier := watched[i-1]
	if since := s.meters[watched[i]].behind; !since.IsZero() && at.Sub(since) >= s.config.Patience {
		// Not by how much: a screen reader would read a changing text each time.
		return fmt.Sprintf("has stood still behind %s since %s UTC", earlier, since.UTC().Format(time.TimeOnly))
	}
	if since := s.emptySince(at, i); !since.IsZero() && at.Sub(since) >= s.config.Patience {
		return fmt.Sprintf("%s holds rows, and none has arrived here", earlier)
	}
	return ""
}

// passedBy reports whether rows bypass Flink, as they do with an exporter in its
// place. No other hop can be bypassed.
func (s *sampler) passedBy(i int) bool {
	return watched[i] == hop.Flink && s.seen[hop.Elasticsearch].Rows > 0 &&
		s.meters[hop.Elasticsearch].grown >= s.meters[hop.Kafka].grown
}

// emptySince returns since when hop i and all after it have had no row although the
// one before it has some: they stood still before anybody looked. What MQTT carried
// before is unknown.
func (s *sampler) emptySince(at time.Time, i int) time.Time {
	stands := i > 1 && s.seen[watched[i-1]].Rows > 0
	for _, name := range watched[i:] {
		stands = stands && s.seen[name].Rows == 0 && s.seen[name].Err == nil
	}
	name := watched[i]
	if !stands {
		delete(s.empty, name)
	} else if s.empty[name].IsZero() {
		s.empty[name] = at
	}
	return s.empty[name]
}
