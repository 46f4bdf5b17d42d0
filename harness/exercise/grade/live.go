package grade

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/hop"
)

func init() {
	register(lab.Kind{Name: "live-job", Options: []lab.Option{sqlFile,
		{Name: "size", Type: lab.TextOption, Required: true, Doc: "how many seconds a window has, such as ${size}"},
		{Name: "late", Type: lab.TextOption, Required: true, Doc: "how many seconds late a row may come, such as ${late}"}},
		Doc: "the student's file starts a job in streaming mode, over a topic of three partitions of which two have no rows"}, checkLiveJob)
	counts := lab.Option{Name: "topic", Type: lab.TextOption, Required: true, Doc: "the topic that the job writes, whose records have window_start and n, such as ${topic}-windows"}
	register(lab.Kind{Name: "live-final", Needs: []string{"live-job"}, Options: []lab.Option{counts},
		Doc: "while the job runs, the windows are in the topic, with their counts, that can get no more rows"}, checkLiveFinal)
	register(lab.Kind{Name: "live-late", Needs: []string{"live-final"}, Options: []lab.Option{counts},
		Doc: "rows that come late are counted as long as their window may get rows, and no longer; each window is there once"}, checkLiveLate)
}

// live is a job that runs while rows come.
type live struct {
	plan livePlan
	size time.Duration
	late time.Duration
	// pulses were sent after plan.first, since a job whose partitions are all idle doesn't
	// go on.
	pulses []wisdm.Row
	shape  shape // of the records
}

// stepLimit is how long the job may take for the rows of a step. It is given up before that
// when it has read rows, and has written nothing for longer, by settled, than a window of the
// clock's time takes: more than an idle timeout of some seconds.
const stepLimit, settled = 40 * time.Second, 5 * time.Second

// checkLiveJob starts the job. Some of the rows are there before it: it must begin with those.
func checkLiveJob(ctx context.Context, a *attempt, c lab.Check) verdict {
	l := &live{}
	var err error
	if l.size, err = a.seconds(c, "size"); err == nil {
		l.late, err = a.seconds(c, "late")
	}
	if err == nil {
		l.plan, err = planLive(a.oracle.Rows(), l.size, l.late)
	}
	if err == nil {
		err = a.liveTopics(ctx)
	}
	if err == nil {
		err = a.send(ctx, l.plan.before)
	}
	if err != nil {
		return broken(err)
	}
	statements, err := a.statements(c)
	if err != nil {
		return failed(err)
	}
	if v := a.startLive(ctx, c, statements); v.outcome != hop.Passed {
		return v
	}
	a.live = l
	return passed()
}

// seconds reads an option that is a number of seconds.
func (a *attempt) seconds(c lab.Check, option string) (time.Duration, error) {
	text, err := a.own(c, option)
	if err != nil {
		return 0, err
	}
	d, err := time.ParseDuration(text + "s")
	if err != nil {
		return 0, fmt.Errorf("the check %s: %s is no number of seconds: %w", c.ID, option, err)
	}
	return d, nil
}

// liveTopics makes the topic of the rows, of three partitions, and those of the results.
func (a *attempt) liveTopics(ctx context.Context) error {
	if err := a.createTopic(ctx, 3); err != nil {
		return err
	}
	topics, err := a.lab.OwnTopics(a.ours.Names.Topic)
	if err != nil {
		return err
	}
	return a.ours.CreateTopics(ctx, topics, 1)
}

// createTopic makes the attempt's topic, of so many partitions.
func (a *attempt) createTopic(ctx context.Context, partitions int) error {
	config := a.ours.BridgeConfig()
	config.Partitions = partitions
	return bridge.CreateTopic(ctx, config)
}

// send writes rows of one subject, and so into one partition.
func (a *attempt) send(ctx context.Context, rows []wisdm.Row) error {
	return a.ours.KafkaProbe().Write(ctx, messages(rows)...)
}

// startLive runs the statements as a student's own session would, in streaming mode. The
// watermark follows each row, so which rows are late doesn't depend on the clock.
func (a *attempt) startLive(ctx context.Context, c lab.Check, statements []flink.Statement) verdict {
	statements = slices.DeleteFunc(statements, func(s flink.Statement) bool { return s.Begins("SELECT", "WITH") }) // which never end
	if !slices.ContainsFunc(statements, startsJob) {
		return failed(a.noJob(c))
	}
	for i := range statements {
		statements[i] = statements[i].WithOptions("kafka", flink.OnEvent)
	}
	config := pipeline.SessionConfig("execution.runtime-mode", "streaming", "pipeline.name", "windows of "+a.ours.Names.Table)
	if _, err := a.runJobs(ctx, statements, config); err != nil {
		return failed(err)
	}
	if a.job == "" {
		return failed(a.noJob(c))
	}
	return passed()
}

// checkLiveFinal sends rows until a window is just final.
func checkLiveFinal(ctx context.Context, a *attempt, c lab.Check) verdict {
	p := a.live.plan
	if err := a.send(ctx, p.first); err != nil {
		return broken(err)
	}
	got, err := a.awaitWindows(ctx, c, p.final, func() error {
		pulse := p.pulse(len(a.live.pulses))
		a.live.pulses = append(a.live.pulses, pulse)
		return a.send(ctx, []wisdm.Row{pulse})
	})
	if err != nil {
		return broken(err)
	}
	v := got.judge(p.final, a.live)
	if gone := got.missing(p.final); v.outcome != hop.Passed && len(gone) > 0 {
		v.reason += a.whyMissing(ctx, gone[0], "its rows weren't read")
	}
	return v
}

// checkLiveLate sends rows that come too late and late, and then all others.
func checkLiveLate(ctx context.Context, a *attempt, c lab.Check) verdict {
	p := a.live.plan
	if err := a.send(ctx, p.second); err != nil {
		return broken(err)
	}
	all := p.all(a.live)
	got, err := a.awaitWindows(ctx, c, all, func() error { return nil })
	if err != nil {
		return broken(err)
	}
	v := got.judge(all, a.live)
	if v.outcome == hop.Passed {
		v = got.nothingElse(all)
	}
	if gone := got.missing(all); v.outcome != hop.Passed && len(gone) > 0 {
		v.reason += a.whyMissing(ctx, gone[0], "its rows were dropped, as if they were late")
	}
	return v
}

// awaitWindows reads the topic until it has records of these windows, or the job can't go
// on, or has read rows and written nothing for long. It keeps on sending.
func (a *attempt) awaitWindows(ctx context.Context, c lab.Check, want windowCounts, send func() error) (got liveCounts, err error) {
	limited, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	read, wrote, last := a.ours.FlinkCount(a.job), 0, time.Time{}
	failure := wait.Until(limited, ask, func() (bool, error) {
		next, form := liveCounts{}, shape{}
		err := cmp.Or(send(), a.records(limited, c, "topic", func(value []byte) {
			next.add(value)
			form.add(value)
		}))
		if err != nil {
			return false, err
		}
		got, a.live.shape = next, form
		if count, _ := read(limited); count > 0 && (last.IsZero() || len(got) > wrote) {
			wrote, last = len(got), time.Now()
		}
		job, err := a.ours.Flink().Job(limited, a.job)
		stuck := err == nil && (job.Over() || job.Cause != "")
		return len(got.missing(want)) == 0 || stuck || !last.IsZero() && time.Since(last) > a.live.size+settled, nil
	})
	if got == nil {
		return nil, cmp.Or(ctx.Err(), failure)
	}
	return got, ctx.Err()
}

// whyMissing says what is known of the job when a window is missing; passed is why, where
// the watermark has passed its end.
func (a *attempt) whyMissing(ctx context.Context, start, passed string) string {
	if job, err := a.ours.Flink().Job(ctx, a.job); err == nil && (job.Cause != "" || job.Over()) {
		return fmt.Sprintf("\nthe job is %s, though rows go on coming%s", job.State, because(job.Cause))
	}
	at, known, err := a.ours.Flink().Watermark(ctx, a.job)
	switch {
	case err != nil:
		return ""
	case !known:
		return "\nthe job has no watermark yet: two of the topic's three partitions have had no row"
	}
	if begin, err := time.Parse(windowTime, start); err == nil && !at.Before(begin.Add(a.live.size)) {
		return "\nthe job's watermark has passed its end: " + passed
	}
	latest := a.live.plan.first[len(a.live.plan.first)-1].Time
	return fmt.Sprintf("\nthe job's watermark is at %s, %v behind the latest row", at.UTC().Format(windowTime), latest.Sub(at))
}

func because(cause string) string {
	if cause == "" {
		return ""
	}
	return ": " + cause
}

// messages are rows as the bridge writes them.
func messages(rows []wisdm.Row) []kafka.Message {
	records := make([]kafka.Message, len(rows))
	for i, r := range rows {
		records[i] = kafka.Message{Key: fmt.Append(nil, r.Subject), Value: wisdm.AppendMessage(nil, r), Time: r.Time}
	}
	return records
}

// liveCounts are the counts of the records, by window_start in windowTime's form.
type liveCounts map[string][]int64

// add takes a record. Flink writes a TIMESTAMP by either of the standards of its JSON
// format, with a Z at the end where it has a time zone.
func (l liveCounts) add(value []byte) {
	var one struct {
		WindowStart string `json:"window_start"`
		N           json.Number
	}
	json.Unmarshal(value, &one) // what it isn't, shape says
	text := strings.TrimSuffix(strings.Replace(one.WindowStart, "T", " ", 1), "Z")
	start := fmt.Sprintf("%.100q", one.WindowStart)
	if at, err := time.Parse("2006-01-02 15:04:05.999999999", text); err == nil {
		start = at.Format(windowTime)
	}
	n, err := one.N.Float64() // of any type of number
	if err != nil {
		n = -1
	}
	l[start] = append(l[start], int64(n))
}

// missing returns the starts of windows that no record is about, the first one first.
func (l liveCounts) missing(want windowCounts) (starts []string) {
	for _, start := range slices.Sorted(maps.Keys(want)) {
		if len(l[start]) == 0 {
			starts = append(starts, start)
		}
	}
	return starts
}
