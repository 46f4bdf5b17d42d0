package grade

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// livePlanOf is lab 8's.
func livePlanOf(t *testing.T, size, late int) livePlan {
	t.Helper()
	oracle, err := wisdm.ReadOracle(wisdm.Generator{Seed: 7, Rows: 3600, Subjects: 1, Devices: []string{"phone"}, Sensors: []string{"accel"}}, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := planLive(oracle.Rows(), time.Duration(size)*time.Second, time.Duration(late)*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestLivePlan: for all that a student may get, a watermark that is a second off counts
// other windows.
func TestLivePlan(t *testing.T) {
	for _, size := range []int{10, 12, 14, 15, 16, 18, 20} {
		for late := 3; late <= 9; late++ {
			p := livePlanOf(t, size, late)
			for _, off := range []int{-1, 0, 1, 60} {
				what := reads(p, time.Duration(size)*time.Second, time.Duration(late+off)*time.Second)
				job := &live{plan: p, size: time.Duration(size) * time.Second, late: time.Duration(late) * time.Second}
				v := what[0].judge(p.final, job)
				if v.reason == "" {
					v = what[1].judge(p.all(job), job)
				}
				want := map[bool]string{true: "late were dropped", false: "aren't in the topic"}[off < 0]
				if (off == 0) != (v.reason == "") || !strings.Contains(v.reason, map[bool]string{true: "", false: want}[off == 0]) {
					t.Errorf("size %d, late %d, %+d s: %q", size, late, off, v.reason)
				}
			}
		}
	}
	if _, err := planLive(make([]wisdm.Row, 1), time.Second, time.Second); err == nil {
		t.Error("one row has enough windows")
	}
}

// reads are the records of a job whose watermark is so far behind: after the first step,
// and after the second.
func reads(p livePlan, size, behind time.Duration) (steps [2]liveCounts) {
	w := wisdm.Windows{Size: size, Delay: behind}
	first := slices.Concat(p.before, p.first)
	for i, rows := range [][]wisdm.Row{first, slices.Concat(first, p.second)} {
		steps[i] = liveCounts{}
		for start, n := range finalBy(w, rows, rows[len(rows)-1].Time.Add(-behind)) {
			steps[i][start] = []int64{n}
		}
	}
	return steps
}

// TestLiveCounts: times as Flink writes them, and records that are none.
func TestLiveCounts(t *testing.T) {
	got := liveCounts{}
	for _, text := range []string{`{"window_start":"2023-11-14 22:13:20","n":7}`, `{"window_start":"2023-11-14T22:13:20.000Z","n":8.0}`, `{"start":1}`, `no`} {
		got.add([]byte(text))
	}
	if n := got["2023-11-14 22:13:20.000"]; !slices.Equal(n, []int64{7, 8}) || len(got) != 2 || len(got[`""`]) != 2 {
		t.Errorf("%v", got)
	}
	if got, want := (liveCounts{"2023-11-14 22:13:20.000": {7, 8}, "2023-11-14 22:13:30.000": {9}, "2024-01-01 00:00:00.000": {1}}).String(), "2023-11-14: 22:13:20 7 8, 22:13:30 9 2024-01-01: 00:00:00 1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	p := livePlanOf(t, 10, 5)
	job := &live{plan: p, size: 10 * time.Second, late: 5 * time.Second}
	if v := got.judge(p.final, job); !strings.Contains(v.reason, `window_start is ""`) {
		t.Errorf("records without a window: %q", v.reason)
	}
	job.shape.add([]byte(`{"start":1,"n":2}`))
	if v := got.judge(p.final, job); !strings.Contains(v.reason, "has the field window_start") {
		t.Errorf("records with another field: %q", v.reason)
	}
	job.shape = shape{}
	right := reads(p, 10*time.Second, 5*time.Second)[1]
	first := p.edge
	for want, change := range map[string]func(liveCounts){
		"is there 2 times, with [1 2] rows": func(l liveCounts) { l[first] = []int64{1, 2} },
		"has 500 rows, want":                func(l liveCounts) { l[first] = []int64{500} },
		"and rows of it may still come":     func(l liveCounts) { l["2023-11-14 23:59:50.000"] = []int64{1} },
	} {
		changed := liveCounts{}
		for start, n := range right {
			changed[start] = n
		}
		change(changed)
		v := changed.compare(p.all(job), job)
		if v.reason == "" || strings.Contains(v.reason, "when no window") {
			v = changed.nothingElse(p.all(job))
		}
		if !strings.Contains(v.reason, want) {
			t.Errorf("%q, want %q", v.reason, want)
		}
	}
}

// TestNoSession: a gateway that opens no session isn't a student's fault.
func TestNoSession(t *testing.T) {
	if v := failed(fmt.Errorf("run the file: %w", noSession{errors.New("status 500")})); v.outcome != hop.Error {
		t.Errorf("%+v", v)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }))
	defer server.Close()
	a := of(t, hop.Elasticsearch, "export.sql", "CREATE VIEW one AS SELECT 1;")
	a.ours.Sites = some{strings.TrimPrefix(server.URL, "http://"), []string{"flink-gateway", "flink-jobmanager"}}
	_, ran := a.runJobs(t.Context(), nil, nil)
	_, asked := a.query(t.Context(), lab.Check{}, "SELECT 1")
	for by, err := range map[string]error{"runJobs": ran, "query": asked, "start": a.start(t.Context(), lab.Check{})} {
		if v := failed(err); v.outcome != hop.Error || !strings.Contains(v.reason, "500") {
			t.Errorf("%s: %+v", by, v)
		}
	}
}
