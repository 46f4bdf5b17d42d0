package wisdm

import (
	"fmt"
	"slices"
)

// FullSizeRows is how many rows the whole dataset has.
const FullSizeRows = 15_630_426

// Generator makes rows of the dataset's shape, with its quirks: sessions of
// three minutes at a nominal 20 Hz, and of some subjects at 25, 50 or 100 Hz;
// steps that jitter; clocks that go back between sessions; the same timestamps
// in both sensors of a device, in other sessions and in some in both devices;
// 35 cells of subject and activity left out. The zero value makes about as
// many rows as the dataset has; see [FullSize] for exactly as many.
//
// The same Generator makes the same rows on every machine: it computes in
// integers, and turns them into floats with one division, which IEEE 754 rounds
// the same way everywhere. A sine or a fused multiply-add might differ. Rows
// are made as they are read, in the order of event time, in memory that doesn't grow.
type Generator struct {
	Seed uint64
	// Subjects is how many there are, numbered from 1600. 0: 51, or fewer where Rows
	// would leave less than about ten rows per session.
	Subjects int
	Devices  []string // of phone and watch; nil: both
	Sensors  []string // of accel and gyro; nil: both
	// Rows is how many rows there are in all; sessions get shorter or longer than
	// three minutes to match. 0: as many as sessions of three minutes have.
	Rows int64
	// Uneven makes every third session of a stream last a fifth as long as the others, at
	// other activities on the watch than on the phone, and for each sensor.
	Uneven bool
	// PerSession, if set, is how many rows each session has. Rows then only ends the
	// reading earlier.
	PerSession int
}

// FullSize returns a generator of exactly as many rows as the dataset has.
func FullSize() Generator { return Generator{Seed: 1, Rows: FullSizeRows} }

// Name returns a name for messages, such as "generated rows, seed 1".
func (g Generator) Name() string { return fmt.Sprintf("generated rows, seed %d", g.Seed) }

// Open returns the rows from the first on. It reports a device or sensor that
// the dataset doesn't have.
func (g Generator) Open() (Source, error) { return opened(g.parts()) }

func (g Generator) parts() (parts, error) {
	if err := g.complete(); err != nil {
		return parts{}, fmt.Errorf("%s: %w", g.Name(), err)
	}
	p := parts{max: g.Rows, close: func() error { return nil }}
	var natural uint64 // rows of all sessions, if they are to be scaled to Rows
	if g.Rows > 0 && g.PerSession == 0 {
		for c := (cell{}); g.valid(c); c = g.after(c) {
			natural += g.length(c)
		}
	}
	var passed uint64
	var stream *generated
	for c := (cell{}); g.valid(c); c = g.after(c) {
		if stream == nil || !stream.has(c) {
			stream = &generated{Generator: &g, natural: natural, at: c, passed: passed}
			p.sources = append(p.sources, stream)
		}
		passed += g.length(c)
	}
	return p, nil
}

// perSessionWanted is how many rows a session should have at least, on
// average: a few thousand rows must still show what sessions are like.
const perSessionWanted = 10

// complete checks g, and replaces the zero values that stand for others.
func (g *Generator) complete() error {
	var err error
	if g.Devices, err = oneOf("device", g.Devices, "phone", "watch"); err != nil {
		return err
	}
	if g.Sensors, err = oneOf("sensor", g.Sensors, "accel", "gyro"); err != nil {
		return err
	}
	if g.Subjects < 0 || g.Rows < 0 || g.PerSession < 0 {
		return fmt.Errorf("%d subjects, %d rows, %d rows per session: none may be negative", g.Subjects, g.Rows, g.PerSession)
	}
	if g.Subjects == 0 {
		g.Subjects = 51
		if g.Rows > 0 && g.PerSession == 0 {
			perSubject := int64(len(g.Devices) * len(g.Sensors) * len(letters) * perSessionWanted)
			g.Subjects = int(min(51, max(2, g.Rows/perSubject)))
		}
	}
	return nil
}

func oneOf(what string, given []string, allowed ...string) ([]string, error) {
	if len(given) == 0 {
		return allowed, nil
	}
	for i, name := range given {
		if !slices.Contains(allowed, name) || slices.Contains(given[:i], name) {
			return nil, fmt.Errorf("%s %q: want %q, each at most once", what, name, allowed)
		}
	}
	return given, nil
}
