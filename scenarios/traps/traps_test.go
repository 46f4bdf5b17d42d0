package traps

import (
	"context"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
)

func TestMain(m *testing.M) { scenario.Main(m) }

const rows = 300

// trap is one file, and what it does wrong.
type trap struct {
	file string
	// words are what Flink or the check says. The file's comment has them too.
	words string
	// symptom runs the file and asserts the result.
	symptom func(*testing.T, trap, topic)
}

var traps = []trap{
	{"boot-time-as-epoch.sql", "every row is of January 1970", isJanuary1970},
	{"boot-time-as-microseconds.sql", "a row each 50 s", isEach50Seconds},
	{"hour-of-a-number.sql", "Cannot apply 'EXTRACT' to arguments of type 'EXTRACT(<INTERVAL HOUR> FROM <BIGINT>)'", refusedAt("HOUR(ts)")},
	{"no-primary-key.sql", "its _id is not made of usid, device, sensor and seq, so a replay would leave duplicates", leavesDuplicates},
	{"time-from-a-number-ignored.sql", "its ts is NULL", hasNoTime},
	{"time-from-a-number.sql", "JsonParseException: Fail to deserialize at field: ts.", refusedAt("SELECT")},
	{"time-with-a-space.sql", "@timestamp is mapped as text, want date", isText},
	{"whole-numbers.sql", "cuts the fraction off, towards zero", isCutOff},
	{"window-start-without-a-window.sql",
		"Call to auxiliary group function 'TUMBLE_START' must have matching call to group function '$TUMBLE' in GROUP BY clause", refusedAt("TUMBLE_START")},
}

// TestSymptoms falls into each trap, over one topic.
func TestSymptoms(t *testing.T) {
	over := fill(t)
	for _, trap := range traps {
		t.Run(strings.TrimSuffix(trap.file, ".sql"), func(t *testing.T) {
			t.Parallel()
			trap.symptom(t, trap, over.forTest(t))
		})
	}
}

// TestEachFileSaysItsSymptom: each file has a test and says in its comment what the test
// sees, since a student compares what Flink says with the comment.
func TestEachFileSaysItsSymptom(t *testing.T) {
	entries, err := Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var tested, there []string
	for _, trap := range traps {
		tested = append(tested, trap.file)
		if about := comment(t, trap.file); !strings.Contains(about, trap.words) {
			t.Errorf("%s doesn't say %q:\n%s", trap.file, trap.words, about)
		}
	}
	for _, e := range entries {
		there = append(there, e.Name())
	}
	if slices.Sort(tested); !slices.Equal(tested, there) {
		t.Errorf("tested are %v, there are %v", tested, there)
	}
}

func text(t *testing.T, file string) string {
	t.Helper()
	data, err := Files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// comment returns what a file says at its top, on one line.
func comment(t *testing.T, file string) string {
	t.Helper()
	var words []string
	for line := range strings.Lines(text(t, file)) {
		said, found := strings.CutPrefix(line, "--")
		if !found {
			break
		}
		words = append(words, strings.Fields(said)...)
	}
	return strings.Join(words, " ")
}

// topic is a filled one, and names of the test's own for all that is made of it.
type topic struct {
	pipeline.Pipeline
	oracle *wisdm.Oracle
}

func need(t *testing.T) pipeline.Pipeline {
	t.Helper()
	return scenario.Need(t, append(scenario.Core, "mosquitto")...).Pipeline()
}

func fill(t *testing.T) topic {
	t.Helper()
	p := need(t)
	input, oracle := scenario.Rows(t, 1, rows)
	scenario.Fill(t, p, input, oracle.Count())
	return topic{p, oracle}
}

func (over topic) forTest(t *testing.T) topic {
	t.Helper()
	p := need(t)
	p.Names.Topic = over.Names.Topic
	return topic{p, over.oracle}
}

func (over topic) statements(t *testing.T, file string) []flink.Statement {
	t.Helper()
	statements, err := over.Statements("scenarios/traps/"+file, text(t, file))
	if err != nil {
		t.Fatal(err)
	}
	return statements
}

// run runs statements in a session of their own and returns what the last one
// gave. The job of an INSERT has ended then.
func (over topic) run(t *testing.T, statements []flink.Statement) (*flink.Result, error) {
	t.Helper()
	session, err := over.Flink().OpenSession(t.Context(), pipeline.SessionConfig())
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close(context.WithoutCancel(t.Context()))
	results, err := session.RunAll(t.Context(), statements)
	if err != nil {
		return nil, err
	}
	last := results[len(results)-1]
	if last.Kind == flink.Started {
		err = over.Flink().AwaitJob(t.Context(), last.JobID, nil)
	}
	return last, err
}

// answer returns the rows of a file's query.
func (over topic) answer(t *testing.T, file string) [][]any {
	t.Helper()
	result, err := over.run(t, over.statements(t, file))
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Rows) != rows {
		t.Fatalf("%s gives %d rows, want %d: it should look well", file, len(result.Rows), rows)
	}
	return result.Rows
}
