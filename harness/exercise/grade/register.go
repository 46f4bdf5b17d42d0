package grade

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/mixed"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// kind makes one kind of check.
type kind func(context.Context, *attempt, lab.Check) verdict

// kinds are those that a lab.yaml can name. Each file of this package registers
// what it has in an init.
var kinds = map[string]kind{}

// register declares a kind of check and how it is made.
func register(k lab.Kind, make kind) {
	lab.Register(k)
	kinds[k.Name] = make
}

// sqlFile is the option of kinds that run a file of the student's.
var sqlFile = lab.Option{Name: "file", Type: lab.FileOption, Doc: "the file with the statements; without it the lab's first file"}

// stall is how long a hop may make no progress before its check is made.
const stall = 10 * time.Second

// await returns when count is at least want or no longer grows; a check then says
// what is missing.
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

// fill brings the rows into Kafka, with our own bridge.
func (a *attempt) fill(ctx context.Context) error {
	if a.filled {
		return nil
	}
	if err := mixed.Fill(ctx, a.ours, a.lab, a.input, stall); err != nil {
		return err
	}
	a.filled = true
	return nil
}

// statements returns those of the student's file that the check names, or of the
// lab's only one.
func (a *attempt) statements(c lab.Check) ([]flink.Statement, error) {
	return a.student.FileStatements(a.lab.ID, a.fileOf(c))
}

// fileOf returns the file that the check is about.
func (a *attempt) fileOf(c lab.Check) string { return cmp.Or(c.With["file"], a.lab.Files[0]) }
