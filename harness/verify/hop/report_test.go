package hop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestReportOutcome(t *testing.T) {
	cases := []struct {
		hops []Outcome
		want Outcome
	}{
		{nil, Skipped},
		{[]Outcome{Passed, Passed}, Passed},
		{[]Outcome{Passed, Skipped}, Skipped},
		{[]Outcome{Failed, Skipped, Passed}, Failed},
		{[]Outcome{Failed, Error, Skipped}, Error},
	}
	for _, c := range cases {
		var results []Result
		for _, o := range c.hops {
			results = append(results, Result{Outcome: o})
		}
		if got := NewReport(results).Outcome; got != c.want {
			t.Errorf("outcome of %v = %s, want %s", c.hops, got, c.want)
		}
	}
}

func sample() Report {
	return NewReport([]Result{
		{Hop: MQTT, Expected: 3000, Actual: 3000, Outcome: Passed, Span: 250 * time.Millisecond},
		{Hop: Kafka, Expected: 3000, Actual: 2999, Outcome: Failed, Detail: "1 row is missing\n1600_watch_accel_7"},
		SkippedFor(Flink, 3000, "kafka failed"),
		Errored(Elasticsearch, 3000, errors.New("no answer")),
	})
}

func TestReportPrint(t *testing.T) {
	var out bytes.Buffer
	sample().Print(&out, func(n int64) string { return fmt.Sprint(n) }, func(s string) string { return s })
	want := "" +
		"            hop  expected  actual  first to last  outcome\n" +
		"           mqtt      3000    3000         0.25 s  passed\n" +
		"          kafka      3000    2999              -  failed\n" +
		"          flink      3000       0              -  skipped\n" +
		"  elasticsearch      3000       0              -  error\n" +
		"\nkafka: 1 row is missing\n  1600_watch_accel_7\n" +
		"\nflink: kafka failed\n" +
		"\nelasticsearch: no answer\n"
	if out.String() != want {
		t.Errorf("table:\n%swant:\n%s", &out, want)
	}
}

func TestReportWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.json")
	if err := sample().Write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Outcome string
		Hops    []struct {
			Hop, Outcome, Detail string
			Expected, Actual     int64
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.Outcome != "error" || len(got.Hops) != 4 || got.Hops[1].Hop != "kafka" || got.Hops[1].Actual != 2999 {
		t.Errorf("report = %s", text)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	if err := sample().Write(filepath.Join(dir, "absent", "report.json")); err == nil {
		t.Error("a report in a folder that isn't there was written")
	}
}
