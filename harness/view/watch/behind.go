package watch

import (
	"fmt"
	"time"

	"hoplab.example/harness/check/hop"
)

// advice says what to look at where a hop stands behind the one before it.
var advice = map[string]string{
	hop.Kafka:         "is a bridge running ('lab bridge', or Kafka Connect), from this MQTT topic to this Kafka topic?",
	hop.Flink:         "is a job running that reads this topic? Flink's own page lists the jobs",
	hop.Elasticsearch: "does the job write each row to this index? Its exceptions are on Flink's own page, 'lab logs flink-taskmanager' has its log",
}

// behind says of the hop that is number i whether it has stood behind the one
// before it for longer than is right, or "". That is told by how much each has
// grown: their numbers of rows differ with reason, for Elasticsearch writes over
// a row that comes twice, and MQTT and Flink count from when they began.
func (s *sampler) behind(at time.Time, i int) string {
	if i == 0 || s.seen[watched[i]].Absent || s.passedBy(i) {
		return ""
	}
	earlier := watched[i-1]
	if since := s.meters[watched[i]].behind; !since.IsZero() && at.Sub(since) >= s.config.Patience {
		// Not how far: a text that changes at each look would be read out each time.
		return fmt.Sprintf("stands still behind %s since %s UTC", earlier, since.UTC().Format(time.TimeOnly))
	}
	if since := s.emptySince(at, i); !since.IsZero() && at.Sub(since) >= s.config.Patience {
		return fmt.Sprintf("%s holds rows, and none has come here", earlier)
	}
	return ""
}

// passedBy says that rows go past Flink, as they do where an exporter is in its
// place. Nothing else can be passed by.
func (s *sampler) passedBy(i int) bool {
	return watched[i] == hop.Flink && s.seen[hop.Elasticsearch].Rows > 0 &&
		s.meters[hop.Elasticsearch].grown >= s.meters[hop.Kafka].grown
}

// emptySince says since when the hop and all after it have been seen without a
// row although the one before it holds some: what stood still before anybody
// looked. Of MQTT nobody knows what it has carried before.
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
