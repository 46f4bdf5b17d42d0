package wisdm

import (
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"testing"
)

func generate(t testing.TB, g Input) []Row {
	t.Helper()
	src, err := g.Open()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := drain(src)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestGeneratorIsPinned: a change of these rows changes what students see and
// what is measured, so it must be meant. Then put in the new hash, and write
// the fixture anew.
func TestGeneratorIsPinned(t *testing.T) {
	const want = "69ec281c71660ad0"
	p, err := FullSize().parts()
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.New()
	p.max = 10_000
	if n, err := WriteRaw(hash, &chain{parts: p}); n != 10_000 || err != nil {
		t.Fatal(n, err)
	}
	if got := fmt.Sprintf("%.8x", hash.Sum(nil)); got != want {
		t.Errorf("the hash of the first 10,000 rows is %s, want %s", got, want)
	}
}

func TestGeneratorSeeds(t *testing.T) {
	one, two := Generator{Seed: 1, Rows: 500}, Generator{Seed: 2, Rows: 500}
	if !slices.Equal(generate(t, one), generate(t, one)) {
		t.Error("the same seed makes other rows")
	}
	if slices.Equal(generate(t, one), generate(t, two)) {
		t.Error("another seed makes the same rows")
	}
	if one.Name() != "generated rows, seed 1" {
		t.Errorf("the name is %q", one.Name())
	}
}

// TestFullSize counts what the sessions add up to, without making the rows.
func TestFullSize(t *testing.T) {
	for _, c := range []struct {
		g           Generator
		least, most int64
	}{{FullSize(), 15_630_426, 15_630_426}, {Generator{}, 15_500_000, 15_800_000}, {Generator{Rows: 20_000_000}, 20_000_000, 20_000_000}} {
		p, err := c.g.parts()
		if err != nil {
			t.Fatal(err)
		}
		total, sessions := int64(0), 0
		for _, src := range p.sources {
			for s, c := src.(*generated), src.(*generated).at; s.has(c); c = s.after(c) {
				s.at = c
				s.begin()
				total += s.left
				sessions++
			}
		}
		if total < c.least || total > c.most || sessions != (51*18-35)*4 {
			t.Errorf("%+v has %d rows in %d sessions, want %d to %d in %d", c.g, total, sessions, c.least, c.most, (51*18-35)*4)
		}
	}
}

func TestGeneratorRows(t *testing.T) {
	for _, n := range []int64{1, 7, 100, 3000, 12_345} {
		rows := generate(t, Generator{Seed: 3, Rows: n})
		sensors, subjects := map[string]bool{}, map[int]bool{}
		for _, r := range rows {
			sensors[r.Device+r.Sensor], subjects[r.Subject] = true, true
		}
		if int64(len(rows)) != n || n > 99 && (len(sensors) != 4 || len(subjects) < 2) {
			t.Errorf("%d rows wanted: %d, of %d sensors and %d subjects", n, len(rows), len(sensors), len(subjects))
		}
	}
	per := Generator{PerSession: 3, Subjects: 2, Devices: []string{"watch"}, Sensors: []string{"gyro", "accel"}}
	if got := len(generate(t, per)); got != 3*(36-2)*2 {
		t.Errorf("3 rows a session make %d rows, want %d", got, 3*(36-2)*2)
	}
	per.Rows = 20
	if rows := generate(t, per); len(rows) != 20 || rows[9].Activity != "A" || rows[10].Activity != "B" || rows[0].Sensor != "accel" {
		t.Errorf("the first 20 of them are %v", rows)
	}
}

func TestGeneratorErrors(t *testing.T) {
	for _, g := range []Generator{
		{Devices: []string{"tablet"}}, {Sensors: []string{"accel", "accel"}}, {Rows: -1}, {Subjects: -1}, {PerSession: -1},
	} {
		if _, err := g.Open(); err == nil {
			t.Errorf("%+v was accepted", g)
		}
	}
}

func TestGeneratorLeavesCellsOut(t *testing.T) {
	cells := map[[2]string]bool{}
	for _, r := range generate(t, Generator{PerSession: 1}) {
		cells[[2]string{BySubject(r), r.Activity}] = true
	}
	if len(cells) != 51*18-35 || cells[[2]string{"1600", "I"}] || !cells[[2]string{"1650", "A"}] {
		t.Errorf("%d cells of subject and activity, want %d", len(cells), 51*18-35)
	}
}

func TestGeneratorClocks(t *testing.T) {
	back := map[string]int{} // how often a clock goes back between sessions
	within := 0
	steps := map[int64]int{}
	src, err := FileOrder(Generator{Seed: 1, Subjects: 20, PerSession: 50}).Open()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := drain(src)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows[1:] {
		switch before := rows[i]; {
		case before.Stream() != r.Stream():
		case before.Activity != r.Activity && r.TS < before.TS:
			back[r.Device+BySubject(r)]++
		case before.Activity == r.Activity && r.TS <= before.TS:
			within++
		case before.Activity == r.Activity:
			steps[r.TS-before.TS]++
		}
	}
	if len(back) != 2*20 || within != 0 {
		t.Errorf("the clocks of %d devices go back, and %d times within a session; want 40 and 0", len(back), within)
	}
	for _, hz := range []int64{20, 25, 50, 100} {
		step := step20 * 20 / hz
		if steps[step] == 0 || steps[step+tick] == 0 || steps[2*step] == 0 {
			t.Errorf("%d Hz: %d plain steps, %d with a jitter, %d with a reading lost", hz, steps[step], steps[step+tick], steps[2*step])
		}
		if steps[step] < 20*steps[2*step] {
			t.Errorf("%d Hz: a lost reading isn't rare: %d of %d", hz, steps[2*step], steps[step])
		}
	}
}

func TestGeneratorValues(t *testing.T) {
	o, err := ReadOracle(Generator{Seed: 1, Subjects: 2, PerSession: 300}, DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	groups := o.Group(func(r Row) string { return r.Sensor + " " + r.Activity })
	means := map[float64]string{}
	for name, group := range groups {
		size := math.Hypot(math.Hypot(group.X.Mean, group.Y.Mean), group.Z.Mean)
		if accel := name[0] == 'a'; accel && (size < 9 || size > 11) || !accel && size > 1 {
			t.Errorf("%s: the mean vector is %.2f long; want gravity's 9.8 m/s², or 0 rad/s", name, size)
		}
		if other, same := means[group.X.Mean]; same {
			t.Errorf("%s and %s have the same mean", name, other)
		}
		means[group.X.Mean] = name
	}
	spread := func(activity string) float64 {
		return groups["accel "+activity].X.Max - groups["accel "+activity].X.Min
	}
	if len(groups) != 36 || spread("B") < 3*spread("D") {
		t.Errorf("%d groups; jogging spreads over %.1f, sitting over %.1f m/s²", len(groups), spread("B"), spread("D"))
	}
	for _, row := range o.Rows() {
		if text := appendValue(nil, row.X); float64(float32(row.X)) == row.X && len(text) > 12 || len(text) > 14 {
			t.Fatalf("%s isn't how a float32 is written", text)
		}
	}
}

func TestGeneratorTakesNoMemory(t *testing.T) {
	src, err := FullSize().Open()
	if err != nil {
		t.Fatal(err)
	}
	if got := testing.AllocsPerRun(20_000, func() { _, _ = src.Read() }); got > 0 {
		t.Errorf("%v allocations a row, want none", got)
	}
}

func TestWave(t *testing.T) {
	for turn := range int64(2 * turnSteps) {
		want := math.Sin(2 * math.Pi * float64(turn) / turnSteps)
		if got := float64(wave(turn)) / waveTop; math.Abs(got-want) > 0.06 {
			t.Fatalf("at %d the wave is %.3f, a sine %.3f", turn, got, want)
		}
	}
}
