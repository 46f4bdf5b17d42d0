package wisdm

import (
	"errors"
	"strings"
	"testing"
)

// given is an input of given rows.
type given struct {
	rows   []Row
	err    error
	closed int
}

func (g *given) Open() (Source, error) { return &closing{list{g.rows, g.err}, g}, nil }
func (g *given) Name() string          { return "given rows" }

type closing struct {
	list
	of *given
}

func (c *closing) Close() error { c.of.closed++; return nil }

func watchRow(subject int, activity string, ts int64, x float64) Row {
	return Row{Subject: subject, Activity: activity, TS: ts, X: x, Device: "watch", Sensor: "accel"}
}

func sampleOracle(t *testing.T) *Oracle {
	t.Helper()
	input := &given{rows: []Row{
		watchRow(1600, "A", 100e6, 1), watchRow(1600, "A", 150e6, 2), watchRow(1600, "B", 50e6, 3),
		watchRow(1601, "A", 0, 4), watchRow(1601, "A", 20e6, 9), watchRow(1600, "B", 20e6, 5),
	}}
	o, err := ReadOracle(input, DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	if input.closed != 1 {
		t.Errorf("the source was closed %d times", input.closed)
	}
	return o
}

func TestOracleRows(t *testing.T) {
	o := sampleOracle(t)
	if o.Count() != 6 || len(o.Rows()) != 6 {
		t.Fatalf("%d rows, want 6", o.Count())
	}
	for i, want := range []string{"1600_watch_accel_1", "1600_watch_accel_2", "1600_watch_accel_3", "1601_watch_accel_1", "1601_watch_accel_2", "1600_watch_accel_4"} {
		row, found := o.Row(want)
		if o.Rows()[i].ID() != want || !found || row != o.Rows()[i] {
			t.Errorf("row %d is %s, and that ID finds %+v; want %s", i, o.Rows()[i].ID(), row, want)
		}
	}
	for _, id := range []string{"", "_", "1600", "1600_watch_accel_", "1600_watch_accel_0", "1600_watch_accel_5", "1600_watch_accel_01",
		"1600_watch_accel_+1", "1600_watch_accel_-1", "1602_watch_accel_1", "1600_watch_gyro_1", "1600_watch_accel_99999999999999999999"} {
		if row, found := o.Row(id); found {
			t.Errorf("%q found %+v", id, row)
		}
	}
}

func TestOracleMax(t *testing.T) {
	for most, want := range map[int64]int64{0: 3000, 1: 1, 2999: 2999, 3000: 3000, 9999: 3000} {
		o, err := ReadOracle(Generator{Seed: 1, Rows: 3000}, DefaultBase, most)
		if err != nil || o.Count() != want {
			t.Errorf("at most %d: %d rows, %v; want %d", most, o.Count(), err, want)
		}
	}
}

func TestOracleErrors(t *testing.T) {
	broken := errors.New("broken")
	alike := []Row{{Device: "a_b", Sensor: "c"}, {Device: "a", Sensor: "b_c"}}
	for want, input := range map[string]*given{
		"broken":                  {rows: alike[:1], err: broken},
		"given rows holds no row": {},
		"row 2 of given rows: its ID, 0_a_b_c_1, is taken": {rows: alike},
	} {
		_, err := ReadOracle(input, DefaultBase, 0)
		if err == nil || !strings.Contains(err.Error(), want) || input.closed != 1 {
			t.Errorf("got %v, closed %d times; want %s", err, input.closed, want)
		}
	}
	if _, err := ReadOracle(Generator{}, DefaultBase, -1); err == nil || !strings.Contains(err.Error(), "at most -1 rows") {
		t.Errorf("at most -1 rows: %v", err)
	}
	if _, err := ReadOracle(Generator{Rows: -1}, DefaultBase, 0); err == nil {
		t.Error("an input that can't be opened: got no error")
	}
}

func TestOracleGroup(t *testing.T) {
	o := sampleOracle(t)
	a := o.Group(ByActivity)["A"]
	if a.Count != 4 || a.X.Min != 1 || a.X.Max != 9 || a.X.Mean != 4 || a.Y.Max != 0 {
		t.Errorf("activity A: %+v", a)
	}
	if !a.First.Equal(DefaultBase) || a.Last.Sub(DefaultBase) != 50e6 {
		t.Errorf("activity A is from %v to %v", a.First, a.Last)
	}
	if b := o.Group(ByActivity)["B"]; b.First.Sub(DefaultBase) != 100e6 || !b.Last.Equal(b.First) {
		t.Errorf("activity B is from %v to %v; the clock of its second row has gone back", b.First, b.Last)
	}
	if s := o.Group(BySubject); len(s) != 2 || s["1601"].Count != 2 || s["1600"].X.Mean != 2.75 {
		t.Errorf("by subject: %+v", s)
	}
	if s := o.Group(All); len(s) != 1 || s["all"].Count != 6 {
		t.Errorf("all: %+v", s)
	}
}
