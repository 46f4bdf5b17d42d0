package wisdm

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// stored is an input of files, by their names, of lines such as "A 5 50": an activity
// and times in ms.
func stored(t *testing.T, files map[string]string) Input {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		subject, _, _ := strings.Cut(strings.TrimPrefix(name, "data_"), "_")
		var lines strings.Builder
		for line := range strings.Lines(text) {
			fields := strings.Fields(line)
			for _, ts := range fields[1:] {
				fmt.Fprintf(&lines, "%s,%s,%s000000,0,0,0;\n", subject, fields[0], ts)
			}
		}
		fsys[name] = &fstest.MapFile{Data: []byte(lines.String())}
	}
	input, err := OpenFS(fsys, "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	return input
}

// shown writes rows as "1600 phone accel A 1 at 0".
func shown(t *testing.T, input Input) (lines []string) {
	t.Helper()
	src, err := input.Open()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := drain(src)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		lines = append(lines, fmt.Sprintf("%d %s %s %s %d at %d", r.Subject, r.Device, r.Sensor, r.Activity, r.Seq, r.Time.Sub(DefaultBase)/time.Millisecond))
	}
	return lines
}

// TestMerge: clocks that have nothing in common, one that goes back between sessions, a
// cell that one stream lacks, and a subject of its own.
func TestMerge(t *testing.T) {
	input := stored(t, map[string]string{
		"data_1600_accel_phone.txt": "A 5000 5050 5100\nB 100 150",
		"data_1600_accel_watch.txt": "A 9000 9100\nC 10 20",
		"data_1601_gyro_phone.txt":  "B 7 107 207",
	})
	want := []string{
		"1600 phone accel A 1 at 0", "1601 phone gyro B 1 at 0", "1600 watch accel A 1 at 0",
		"1600 phone accel A 2 at 50",
		"1600 phone accel A 3 at 100", "1601 phone gyro B 2 at 100", "1600 watch accel A 2 at 100",
		"1600 phone accel B 4 at 150",
		"1600 phone accel B 5 at 200", "1601 phone gyro B 3 at 200",
		"1600 watch accel C 3 at 250", "1600 watch accel C 4 at 260",
	}
	if got := shown(t, input); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFileOrder(t *testing.T) {
	for _, input := range []Input{
		stored(t, map[string]string{
			"data_1600_accel_phone.txt": "A 5000 5050 5100\nB 100 150\nA 1 2",
			"data_1600_accel_watch.txt": "B 9000 9100\nA 10 20\nS 4 5",
			"data_1601_gyro_phone.txt":  "B 7 107 207",
		}),
		Generator{Seed: 3, Rows: 5000},
	} {
		merged, files := shown(t, input), shown(t, FileOrder(input))
		if slices.Equal(files, merged) {
			t.Errorf("%s: both orders are the same", input.Name())
		}
		if slices.Sort(files); !slices.Equal(files, slices.Sorted(slices.Values(merged))) {
			t.Errorf("%s: file by file, other rows come", input.Name())
		}
	}
	if other := rowsInput(nil); FileOrder(other).Name() != other.Name() {
		t.Error("another input has changed")
	}
}

type rowsInput []Row

func (rowsInput) Name() string            { return "rows" }
func (r rowsInput) Open() (Source, error) { return &list{rows: r}, nil }

// TestGeneratorIsInStep: all rows come in the order of time; all four sessions of an
// activity begin together, and the subject's next one begins after them.
func TestGeneratorIsInStep(t *testing.T) {
	rows := generate(t, Generator{Seed: 1, Subjects: 7, Rows: 60_000})
	type span struct{ first, last time.Time }
	sessions, days := map[Group]span{}, map[int][]string{}
	for i, r := range rows {
		if i > 0 && r.Time.Before(rows[i-1].Time) {
			t.Fatalf("%s at %s comes after %s at %s", r.ID(), r.Time, rows[i-1].ID(), rows[i-1].Time)
		}
		s, some := sessions[r.Group()]
		if !some {
			s.first = r.Time
		}
		sessions[r.Group()] = span{s.first, r.Time}
		if day := days[r.Subject]; len(day) == 0 || day[len(day)-1] != r.Activity {
			days[r.Subject] = append(day, r.Activity)
		}
	}
	for g, s := range sessions {
		other := g
		other.Device, other.Sensor = "phone", "accel"
		if o := sessions[other]; !o.first.Equal(s.first) {
			t.Errorf("%s begins at %s, that of phone and accelerometer at %s", g, s.first, o.first)
		}
	}
	for subject, day := range days {
		if !slices.IsSorted(day) || len(day) < 17 {
			t.Errorf("subject %d has the activities %v, want each once", subject, day)
		}
	}
}

// TestSections: the subjects of one file live at the same time, and each malformed row
// is reported once.
func TestSections(t *testing.T) {
	text := byteOrderMark + "1602,A,1,0,0,0;\n1601,A,1000000,0,0,0;\nx\n1601,A,21000000,0,0,0;\n1601,A,zz\n1602,A,11000001,0,0,0;\n"
	var bad []int
	input, err := Open(writeFile(t, "rows.txt", text), Options{Device: "watch", Sensor: "gyro", OnBad: func(e *RowError) { bad = append(bad, e.Line) }})
	if err != nil {
		t.Fatal(err)
	}
	got := shown(t, input)
	want := []string{"1601 watch gyro A 1 at 0", "1602 watch gyro A 1 at 0", "1602 watch gyro A 2 at 11", "1601 watch gyro A 2 at 20"}
	stored := []string{want[1], want[0], want[3], want[2]}
	if files := shown(t, FileOrder(input)); !slices.Equal(files, stored) || len(bad) != 4 {
		t.Errorf("in the file's order %q, and %d more are reported; want %q and the same 2", files, len(bad)-2, stored)
	}
	bad = bad[:2]
	if slices.Sort(bad); !slices.Equal(got, want) || !slices.Equal(bad, []int{3, 5}) {
		t.Errorf("got %q, malformed %v; want %q, malformed 3 and 5", got, bad, want)
	}
}

// TestSectionsAreFew: a first column that counts rows is no subject.
func TestSectionsAreFew(t *testing.T) {
	var text strings.Builder
	for n := range 200_000 {
		fmt.Fprintf(&text, "%d,33,A,1,0,0,0;\n", n)
	}
	for _, skip := range []func(*RowError){nil, func(*RowError) {}} {
		input, err := Open(writeFile(t, "rows.txt", text.String()), Options{OnBad: skip})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := input.Open(); err == nil || !strings.Contains(err.Error(), "rows.txt: line 1001 has one subject more than the 1000") {
			t.Errorf("%v", err)
		}
	}
}

// TestMergeStops: after an error no more rows come, and nothing is left open.
func TestMergeStops(t *testing.T) {
	broken, closed := errors.New("broken"), 0
	m := merge(parts{sources: []Source{&list{rows: make([]Row, 2), err: broken}, &list{rows: make([]Row, 1)}}, close: func() error { closed++; return nil }})
	rows, err := drain(m)
	if _, again := m.Read(); len(rows) == 0 || !errors.Is(err, broken) || !errors.Is(again, broken) || closed != 1 {
		t.Errorf("%d rows, %v, then %v; closed %d times", len(rows), err, again, closed)
	}
	empty := merge(parts{close: func() error { return nil }})
	if _, err := empty.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("nothing to read: %v", err)
	}
}

func TestTournament(t *testing.T) {
	for n := 1; n < 20; n++ {
		random, keys := seeded(uint64(n)), make([]int64, n)
		tree := newTournament(n)
		if tree.winner() != -1 {
			t.Fatalf("%d players: somebody wins without a number", n)
		}
		for i := range keys {
			keys[i] = never
		}
		for range 500 {
			i := int(random.next() % uint64(n))
			keys[i] = int64(random.next() % 8)
			tree.set(i, keys[i])
			if want := slices.Index(keys, slices.Min(keys)); tree.winner() != want {
				t.Fatalf("%v: %d wins, want %d", keys, tree.winner(), want)
			}
		}
	}
}
