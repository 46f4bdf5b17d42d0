package hop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/util/usage"
)

func loaded() Report {
	r := NewReport([]Result{
		{Hop: MQTT, Expected: 1000, Actual: 1000, Outcome: Passed, Span: 2 * time.Second, Took: time.Second},
		{Hop: Kafka, Expected: 1000, Actual: 999, Outcome: Failed, Detail: "1 missing"},
	})
	r.Load = &Load{Rows: 1000, Flow: 4 * time.Second, Total: 9 * time.Second, Processes: []Process{
		{Name: "lab run", Own: true, Peak: 96_400_000, CPU: usage.CPU{User: 20 * time.Millisecond, System: 15 * time.Millisecond}, Comparing: usage.CPU{User: 2 * time.Second}},
		{Name: "keeper", Own: true, Peak: 129_000_000},
		{Name: "kafka", Hop: Kafka, Peak: 400_000_000},
		{Name: "mosquitto", Hop: MQTT},
	}, Parts: []Part{{"publisher", 12 * time.Millisecond}, {"the rest", 0}}}
	return r
}

func TestPrintLoad(t *testing.T) {
	var out bytes.Buffer
	loaded().PrintLoad(&out, func(n int64) string { return fmt.Sprint(n) }, func(s string) string { return s })
	text := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"mqtt 1000 1000 500 2.00 s 1.00 s passed", "kafka 1000 999 - - - failed", "lab run all 96 MB 0.0 s 0.0 s 35.0 µs 2.0 s own",
		"keeper all 129 MB - - - - own, more than 128 MB", "publisher 0.0 s 12.0 µs", "the rest - -", "kafka kafka 400 MB", "mosquitto mqtt unknown",
		"1000 rows flowed in 4s, 250 rows/s from end to end; with the boot and the comparisons it took 9s", "kafka: 1 missing",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
}

func TestTooLarge(t *testing.T) {
	large := loaded().Load.TooLarge()
	if len(large) != 1 || large[0].Name != "keeper" {
		t.Errorf("%v, want the keeper: others' programs may be large", large)
	}
}

func TestLoadIsInTheReport(t *testing.T) {
	text, err := json.Marshal(loaded())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"load":{"rows":1000,"flow_ns":4000000000`, `"peak_bytes":96400000`, `"took_ns":1000000000`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the report lacks %s: %s", want, text)
		}
	}
	if text, _ := json.Marshal(NewReport(nil)); strings.Contains(string(text), "load") {
		t.Errorf("a run of few rows has a load: %s", text)
	}
}
