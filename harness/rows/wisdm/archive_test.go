package wisdm

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func nest(t *testing.T, text string) string {
	return zipped(t, zip.Store, map[string]string{"inner.zip": text})
}

func TestReadDamagedZip(t *testing.T) {
	text := zipped(t, zip.Store, map[string]string{"data_1600_gyro_watch.txt": "1600,A,3,0,0,0;\n"})
	path := writeFile(t, "z.zip", strings.Replace(text, "1600,A,3", "1600,A,4", 1))
	input, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	src, err := input.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drain(src); err == nil || !strings.Contains(err.Error(), path+"/data_1600_gyro_watch.txt") || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("a damaged entry: %v; want its name and the checksum", err)
	}
}

// TestStoredZipNeedsNoCopy: with nowhere to copy to, it is still read.
func TestStoredZipNeedsNoCopy(t *testing.T) {
	inner := map[string]string{"wisdm-dataset.zip": zipped(t, zip.Deflate, sample)}
	stored := writeFile(t, "z.zip", zipped(t, zip.Store, inner))
	deflated := writeFile(t, "z.zip", zipped(t, zip.Deflate, inner))
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	t.Setenv("TMPDIR", nowhere)
	if _, err := Open(stored, Options{}); err != nil {
		t.Error(err)
	}
	_, err := Open(deflated, Options{})
	if want := "unpack " + deflated + "/wisdm-dataset.zip into " + nowhere; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestCopyOfZipGoesAway(t *testing.T) {
	path := writeFile(t, "z.zip", zipped(t, zip.Deflate, map[string]string{"wisdm.zip": zipped(t, zip.Deflate, sample)}))
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	list, err := listZip(path)
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(temp); len(left) > 0 && runtime.GOOS != "windows" {
		t.Errorf("a kill would leave %v behind", left)
	}
	copied, ok := list.closers[len(list.closers)-1].(*temporary)
	if !ok {
		t.Fatal("nothing closes the copy")
	}
	if err := list.close(); err != nil {
		t.Error(err)
	}
	if _, err := copied.ReadAt(make([]byte, 1), 0); !errors.Is(err, os.ErrClosed) {
		t.Errorf("reading the copy afterwards: %v, want that it is closed", err)
	}
}

func TestOpenErrorLeavesNothingOpen(t *testing.T) {
	const open = "/proc/self/fd"
	before, err := os.ReadDir(open)
	if err != nil {
		t.Skipf("skipped because open files can't be counted: %v", err)
	}
	path := writeFile(t, "z.zip", zipped(t, zip.Deflate, map[string]string{"wisdm.zip": zipped(t, zip.Deflate, nil)}))
	for range 20 {
		if _, err := Open(path, Options{}); err == nil {
			t.Fatal("a zip without rows: got no error")
		}
	}
	if after, err := os.ReadDir(open); err != nil || len(after) > len(before)+5 {
		t.Errorf("%d files are open, %d before (%v)", len(after), len(before), err)
	}
}

// counter counts how often it is closed.
type counter struct {
	io.Reader
	closed int
}

func (c *counter) Close() error { c.closed++; return nil }

// TestReaderLetsGo of its files at the end and at an error, even if nobody
// closes it.
func TestReaderLetsGo(t *testing.T) {
	for text, bad := range map[string]bool{goodLine: false, "bad\n" + goodLine: true} {
		archive, entry := &counter{}, &counter{Reader: strings.NewReader(text)}
		f := fileOf("data_1600_accel_phone.txt", nil)
		f.open = func() (io.ReadCloser, error) { return entry, nil }
		src, err := input{list: func() (*listing, error) { return &listing{[]file{f}, []io.Closer{archive}}, nil }}.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := drain(src); (err != nil) != bad {
			t.Errorf("reading %q: %v", text, err)
		}
		if archive.closed != 1 || entry.closed != 1 {
			t.Errorf("reading %q closed the archive %d times and the entry %d times", text, archive.closed, entry.closed)
		}
		if err := src.(io.Closer).Close(); err != nil || archive.closed != 1 {
			t.Errorf("closing it then: %v, the archive was closed %d times", err, archive.closed)
		}
	}
}
