package wisdm

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/rows/wisdmtest"
)

func TestAppendRaw(t *testing.T) {
	row := Row{Subject: 1600, Activity: "A", TS: 252207666810782, X: -0.36476135, Y: 8.793503, Z: 1.0550842}
	if got := string(AppendRaw([]byte("> "), row)); got != "> "+goodLine+"\n" {
		t.Errorf("got %q, want %q", got, "> "+goodLine+"\n")
	}
	for value, want := range map[float64]string{
		5: "5.0", -12.5: "-12.5", 0: "0.0", math.Copysign(0, -1): "-0.0", 1.496376e-4: "1.496376E-4", 0.001: "0.001",
		1e-5: "1.0E-5", 9999999: "9999999.0", 1e7: "1.0E7", -1.25e+100: "-1.25E100", 5e-324: "5.0E-324",
	} {
		if got := string(appendValue(nil, value)); got != want {
			t.Errorf("%v is written %s, want %s", value, got, want)
		}
	}
}

// finite returns random bits as a float64, but no NaN or infinity.
func (s *splitmix) finite() float64 {
	for {
		if v := math.Float64frombits(s.next()); !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v
		}
	}
}

func TestReadBackWhatIsWritten(t *testing.T) {
	random := splitmix(7)
	var rows []Row
	for range 20_000 {
		rows = append(rows, Row{
			Subject: int(random.next() >> 33), Activity: activities[letters[random.next()%18]], TS: int64(random.next() >> 1),
			X: random.finite(), Y: random.finite(), Z: float64(float32(random.next()%1e6) / unit), Device: "unknown", Sensor: "unknown",
		})
	}
	var text bytes.Buffer
	if n, err := WriteRaw(&text, &list{rows: rows}); n != int64(len(rows)) || err != nil {
		t.Fatalf("wrote %d rows, %v; want %d", n, err, len(rows))
	}
	got, err := readAll(t, text.String(), Options{})
	if err != nil || !slices.Equal(got, rows) {
		t.Errorf("reading them back: %v, or other rows", err)
	}
}

// list is a source of given rows.
type list struct {
	rows []Row
	err  error // after them; nil: io.EOF
}

func (l *list) Read() (Row, error) {
	if len(l.rows) == 0 {
		return Row{}, cmp.Or(l.err, io.EOF)
	}
	row := l.rows[0]
	l.rows = l.rows[1:]
	return row, nil
}

func TestWriteRawErrors(t *testing.T) {
	broken := errors.New("broken")
	var text strings.Builder
	n, err := WriteRaw(&text, &list{rows: make([]Row, 2), err: broken})
	if n != 2 || !errors.Is(err, broken) || strings.Count(text.String(), "\n") != 2 {
		t.Errorf("%d rows, %v, %q; want the two rows that could be read", n, err, text.String())
	}
	if _, err := WriteRaw(full{}, &list{rows: make([]Row, 9999)}); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("writing to what is full: %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, fs.ErrInvalid }

func TestWriteDataset(t *testing.T) {
	var rows []Row
	for i, s := range []Stream{{1600, "phone", "accel"}, {1601, "phone", "accel"}, {1600, "phone", "accel"}} {
		rows = append(rows, Row{Subject: s.Subject, Activity: "A", TS: int64(i), Device: s.Device, Sensor: s.Sensor})
	}
	folder := t.TempDir()
	if n, err := WriteDataset(folder, &list{rows: rows}); n != 3 || err != nil {
		t.Fatalf("%d rows, %v", n, err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "raw/phone/accel/data_1600_accel_phone.txt"))
	if want := "1600,A,0,0.0,0.0,0.0;\n1600,A,2,0.0,0.0,0.0;\n"; err != nil || string(text) != want {
		t.Errorf("got %q, %v; want %q", text, err, want)
	}
	if _, err := WriteDataset(folder, &list{rows: rows}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("writing there again: %v, want that it exists", err)
	}
	for _, device := range []string{"unknown", "../../phone", ""} {
		if _, err := WriteDataset(t.TempDir(), &list{rows: []Row{{Device: device, Sensor: "accel"}}}); err == nil {
			t.Errorf("device %q was written", device)
		}
	}
}

func TestRealValues(t *testing.T) {
	folder := wisdmtest.RealValues(t, "../../..")
	input, err := Open(folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := ReadOracle(input, DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	if o.Count() != 43_200 || len(o.Group(ByActivity)) != 6 || len(o.Group(BySubject)) != 3 {
		t.Errorf("%d rows, want 43200 of 6 activities and 3 subjects", o.Count())
	}
	again := t.TempDir()
	if _, err := WriteDataset(again, &list{rows: o.Rows()}); err != nil {
		t.Fatal(err)
	}
	const name = "raw/watch/accel/data_1601_accel_watch.txt"
	want, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(again, name)); err != nil || !bytes.Equal(got, want) {
		t.Errorf("written again, %s isn't the same (%v)", name, err)
	}
}
