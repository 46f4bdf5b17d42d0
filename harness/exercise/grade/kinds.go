package grade

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/check/probe"
	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/publish"
)

// kind makes one kind of check.
type kind func(context.Context, *attempt, lab.Check) verdict

// kinds are those that a lab.yaml can name.
var kinds map[string]kind

func init() { // checks use attempt.check's types; a plain initialiser would be a cycle
	kinds = map[string]kind{
		"files": checkFiles,

		"script": checkScript,
		"mqtt":   checkMQTT,
		"qos":    checkQoS,

		"connector":   checkConnector,
		"kafka-count": checkKafkaCount,
		"kafka":       checkKafka,

		"sql":         checkSQL,
		"columns":     checkColumns,
		"flink-count": checkFlinkCount,
		"flink":       checkFlink,
		"window":      checkWindow,

		"template":            checkTemplate,
		"export":              checkExport,
		"elasticsearch-count": checkElasticCount,
		"elasticsearch":       checkElastic,
		"rerun":               checkRerun,

		"first":   checkFirst,
		"recover": checkRecover,
		"resumes": checkResumes,
		"replay":  checkReplay,

		"reads":  checkReads,
		"view":   checkView,
		"shows":  checkShows,
		"drawn":  checkDrawn,
		"chosen": checkChosen,
		"covers": checkCovers,
	}
}

// Kinds returns the names that a lab.yaml can use for run.
func Kinds() (names []string) {
	for name := range kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// stall is how long a hop may stand still before its check is made.
const stall = 10 * time.Second

// await returns when count is at least want, or stands still, upon which a check
// says what is missing.
func await(ctx context.Context, count probe.Counter, want int64) error {
	_, err := probe.Await(ctx, count, want, stall)
	return err
}

// counted compares how many rows there are with how many there should be.
func counted(ctx context.Context, count probe.Counter, want int64) verdict {
	got, err := probe.Await(ctx, count, want, stall)
	if err != nil {
		return failed(err)
	}
	v := judged(hop.Result{Expected: want, Actual: got, Outcome: hop.Passed})
	if got != want {
		v.outcome, v.reason = hop.Failed, fmt.Sprintf("%d rows are there, want %d", got, want)
	}
	return v
}

// publish sends the rows, flat out.
func (a *attempt) publish(ctx context.Context) error {
	_, err := publish.Run(ctx, a.ours.PublishConfig(a.input))
	return err
}

// fill brings the rows into Kafka, with our own bridge.
func (a *attempt) fill(ctx context.Context) error {
	if a.filled {
		return nil
	}
	if err := a.ours.FillTopic(ctx, a.input, a.oracle.Count(), stall); err != nil {
		return err
	}
	a.filled = true
	return nil
}

// statements returns those of the student's file that the check names, or of the
// lab's only one.
func (a *attempt) statements(c lab.Check) ([]flink.Statement, error) {
	name := c.With["file"]
	if name == "" {
		name = a.lab.Files[0]
	}
	return a.student.FileStatements(a.lab.ID, name)
}
