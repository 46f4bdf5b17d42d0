package wisdm

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
)

// readAll reads text as the file rows.txt.
func readAll(t testing.TB, text string, opt Options) ([]Row, error) {
	t.Helper()
	return drain(newReader(fileOf("rows.txt", strings.NewReader(text)), opt))
}

func readSkipping(t testing.TB, text string) (rows []Row, bad []*RowError, err error) {
	t.Helper()
	rows, err = readAll(t, text, Options{OnBad: func(e *RowError) { bad = append(bad, e) }})
	return rows, bad, err
}

func fileOf(name string, from io.Reader) file {
	return file{describe(name), name, func() (io.ReadCloser, error) { return io.NopCloser(from), nil }}
}

func drain(src Source) ([]Row, error) {
	var rows []Row
	for {
		row, err := src.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}

func TestReaderTruncated(t *testing.T) {
	for _, end := range []string{"1600,A,1,0,0,1.0", "1600,A,252", "1"} {
		rows, bad, err := readSkipping(t, goodLine+"\r\n"+end)
		if len(rows) != 1 || len(bad) != 1 || err != nil {
			t.Fatalf("ending in %q: %d rows, %d malformed, %v", end, len(rows), len(bad), err)
		}
		if bad[0].Reason != "the file ends within this line" || bad[0].Line != 2 || bad[0].Column != len(end)+1 {
			t.Errorf("ending in %q: %v", end, bad[0])
		}
	}
}

func TestReaderLongLines(t *testing.T) {
	for _, length := range []int{maxLine, maxLine + 1, buffer - 1, buffer, buffer + 1, 5 * buffer} {
		for _, end := range []string{"\n" + goodLine + "\n", "\r\n" + goodLine, ""} {
			rows, bad, err := readSkipping(t, goodLine+"\n"+"1600,"+strings.Repeat("9", length-5)+end)
			want := 2
			if end == "" {
				want = 1
			}
			if len(rows) != want || len(bad) != 1 || err != nil {
				t.Fatalf("a line of %d bytes, then %q: %d rows, %d malformed, %v", length, end, len(rows), len(bad), err)
			}
			long := bad[0].Reason == "the line is longer than 4096 bytes" && bad[0].Column == 4097
			if bad[0].Line != 2 || long != (length > maxLine) || len(bad[0].Text) > maxText+len("…") || !strings.HasPrefix(bad[0].Text, "1600,9") {
				t.Errorf("a line of %d bytes, then %q: %v", length, end, bad[0])
			}
		}
	}
}

type nines struct{}

func (nines) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '9'
	}
	return len(p), nil
}

func TestReaderLongLineInBoundedMemory(t *testing.T) {
	const size = 64 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := drain(newReader(fileOf("rows.txt", io.LimitReader(nines{}, size)), Options{}))
	runtime.ReadMemStats(&after)
	if err == nil {
		t.Error("a line of 64 MiB: got no error")
	}
	if took, most := after.TotalAlloc-before.TotalAlloc, uint64(4*buffer); took > most {
		t.Errorf("a line of 64 MiB takes %d bytes of memory, want at most %d", took, most)
	}
}

func TestReaderOtherSubject(t *testing.T) {
	input, err := OpenFS(fstest.MapFS{"data_1601_gyro_phone.txt": {Data: []byte(goodLine)}}, "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	src, err := input.Open()
	if err != nil {
		t.Fatal(err)
	}
	_, err = src.Read()
	want := `f/data_1601_gyro_phone.txt:1:1: the row is of another subject than its file, 1601: "` + goodLine + `"`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestReaderErrorsStay(t *testing.T) {
	src := newReader(fileOf("rows.txt", strings.NewReader("bad\n"+goodLine)), Options{})
	_, first := src.Read()
	_, second := src.Read()
	if bad := new(RowError); !errors.As(first, &bad) || !errors.Is(second, first) {
		t.Errorf("errors are %v, then %v; want the same *RowError", first, second)
	}
	broken := io.MultiReader(strings.NewReader(goodLine+"\n16"), iotest.ErrReader(io.ErrNoProgress))
	rows, bad := 0, 0
	src = newReader(fileOf("rows.txt", broken), Options{OnBad: func(*RowError) { bad++ }})
	var err error
	for ; err == nil; rows++ {
		_, err = src.Read()
	}
	if rows != 2 || bad != 0 || !errors.Is(err, io.ErrNoProgress) || !strings.Contains(err.Error(), "read rows.txt after line 1: ") {
		t.Errorf("a file that can't be read on: %d rows, %d malformed, %v", rows-1, bad, err)
	}
}

func TestReaderClose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.txt")
	if err := os.WriteFile(path, []byte(goodLine+"\n"+goodLine+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	input, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	src, err := input.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Read(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := src.(io.Closer).Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := src.Read(); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("reading a closed source: %v; want an error that isn't the end", err)
	}
}

// TestReadAllocates: one allocation a row would halve the rate.
func TestReadAllocates(t *testing.T) {
	src := newReader(fileOf("rows.txt", strings.NewReader(strings.Repeat(goodLine+"\n", 2000))), Options{})
	if _, err := src.Read(); err != nil {
		t.Fatal(err)
	}
	allocations := testing.AllocsPerRun(1000, func() {
		if _, err := src.Read(); err != nil {
			t.Fatal(err)
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations a row, want 0", allocations)
	}
}
