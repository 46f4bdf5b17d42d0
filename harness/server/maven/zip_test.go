package maven

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packed returns a zip with one entry of each header, with that text.
func packed(t testing.TB, text string, headers ...zip.FileHeader) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, h := range headers {
		w, err := archive.CreateHeader(&h)
		if err == nil && !strings.HasSuffix(h.Name, "/") {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func entry(name string, mode fs.FileMode) zip.FileHeader {
	h := zip.FileHeader{Name: name, Method: zip.Deflate}
	h.SetMode(mode)
	return h
}

// unpacked unpacks into a folder that is alone in another one.
func unpacked(t *testing.T, data []byte, most int64) (outer, dir string, err error) {
	t.Helper()
	outer = t.TempDir()
	dir = filepath.Join(outer, "dir")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return outer, dir, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	return outer, dir, unpackAll(archive, root, most)
}

func TestUnpackRefuses(t *testing.T) {
	for _, c := range []struct {
		text    string
		headers []zip.FileHeader
		want    string
	}{
		{"x", []zip.FileHeader{entry("top/../../escaped", 0o644)}, "leads out"},
		{"x", []zip.FileHeader{entry("top//etc/escaped", 0o644)}, "leads out"},
		{"x", []zip.FileHeader{entry("top/a/../../../escaped", 0o644)}, "leads out"},
		{"/", []zip.FileHeader{entry("top/link", fs.ModeSymlink|0o777)}, "isn't a regular file"},
		{"..", []zip.FileHeader{entry("top/link", fs.ModeSymlink|0o777), entry("top/link/escaped", 0o644)}, "isn't a regular file"},
		{"", []zip.FileHeader{entry("top/null", fs.ModeDevice|fs.ModeCharDevice|0o666)}, "isn't a regular file"},
		{"", []zip.FileHeader{entry("top/pipe", fs.ModeNamedPipe|0o666)}, "isn't a regular file"},
		{"x", []zip.FileHeader{entry("top/twice", 0o644), entry("top/./twice", 0o644)}, "exists"},
		{strings.Repeat("0", 2000), []zip.FileHeader{entry("top/bomb", 0o644)}, "unpacks to more"},
		{strings.Repeat("0", 600), []zip.FileHeader{entry("top/a", 0o644), entry("top/b", 0o644)}, "unpacks to more"},
	} {
		outer, _, err := unpacked(t, packed(t, c.text, c.headers...), 1000)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.headers[0].Name, err, c.want)
		}
		checkInside(t, outer)
	}
}

// TestUnpackThroughALink is about a link that is in the folder already.
func TestUnpackThroughALink(t *testing.T) {
	outer := t.TempDir()
	dir := filepath.Join(outer, "dir")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("..", filepath.Join(dir, "up")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "evil.zip"), packed(t, "x", entry("top/up/escaped", 0o644)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := unpackZip(dir); err == nil {
		t.Error("it was unpacked through a link")
	}
	if _, err := os.Lstat(filepath.Join(outer, "escaped")); err == nil {
		t.Error("a file is beside the folder")
	}
}

// checkInside wants nothing beside the folder, and plain files only in it.
func checkInside(t *testing.T, outer string) {
	t.Helper()
	err := filepath.WalkDir(outer, func(path string, e fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(outer, path)
		if err == nil && rel != "." && rel != "dir" && !strings.HasPrefix(rel, "dir/") || e != nil && !e.IsDir() && !e.Type().IsRegular() {
			t.Errorf("there is %s, %v", rel, e)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// FuzzUnpack: whatever the bytes are, what is unpacked is plain files within the
// folder, of no more bytes than are taken; all of it where there is no error.
func FuzzUnpack(f *testing.F) {
	f.Add(packed(f, "text", entry("top/", fs.ModeDir|0o755), entry("top/bin/run", 0o755), entry("top/a", 0o600)))
	f.Add(packed(f, "..", entry("top/link", fs.ModeSymlink|0o777), entry("top/link/escaped", 0o644)))
	f.Add(packed(f, "x", entry("top/../../escaped", 0o644), entry("/abs", 0o644), entry(`top\..\..\x`, 0o644)))
	f.Add(packed(f, strings.Repeat("0", 100_000), entry("top/bomb", 0o644)))
	const most = 64 << 10
	f.Fuzz(func(t *testing.T, data []byte) {
		outer, dir, err := unpacked(t, data, most)
		checkInside(t, outer)
		var bytes int64
		filepath.WalkDir(dir, func(_ string, e fs.DirEntry, walk error) error {
			if walk == nil && !e.IsDir() {
				if info, err := e.Info(); err == nil {
					bytes += info.Size()
				}
			}
			return walk
		})
		if bytes > most+1 {
			t.Errorf("%d bytes were unpacked, %d are taken: %v", bytes, most, err)
		}
	})
}
