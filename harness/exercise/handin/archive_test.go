package handin

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"path/filepath"
	"strings"
	"testing"
)

func plain(text string) string { return text }

func gzipped(text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write([]byte(text)) // into memory
	w.Close()
	return out.String()
}

// tarred returns a tar of files, each with its name as its text. "a>b" is a link a to b.
func tarred(t *testing.T, pack func(string) string, names ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, name := range names {
		header := &tar.Header{Name: name, Mode: 0o644, Size: int64(len(name)), Typeflag: tar.TypeReg}
		if from, to, link := strings.Cut(name, ">"); link {
			header = &tar.Header{Name: from, Linkname: to, Typeflag: tar.TypeSymlink}
		}
		err := w.WriteHeader(header)
		if err == nil && header.Typeflag == tar.TypeReg {
			_, err = w.Write([]byte(name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return pack(out.String())
}

// locked returns a zip that says that its file is encrypted.
func locked(t *testing.T, name string) string {
	text := []byte(zipped(t, name))
	text[6] |= 1
	text[bytes.Index(text, []byte("PK\x01\x02"))+8] |= 1
	return string(text)
}

// TestTarBomb: a tar has a zip's limits.
func TestTarBomb(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{"ada/bomb.tgz": tarred(t, func(string) string {
		var out bytes.Buffer
		w := tar.NewWriter(&out)
		w.WriteHeader(&tar.Header{Name: "publish.sh", Mode: 0o644, Size: studentBytes + 1}) // into memory
		w.Write(make([]byte, studentBytes+1))
		return gzipped(out.String())
	}), "bo/publish.sh": ""})
	class, err := Open(dir, handedLabs)
	if err != nil {
		t.Fatal(err)
	}
	defer class.Close()
	if want := "it unpacks to more than the 64 MiB that are allowed"; !strings.Contains(class.Problems(), want) {
		t.Errorf("%q, want %q", class.Problems(), want)
	}
}

// TestFileOfNobody: a file beside the students' folders isn't passed over in silence.
func TestFileOfNobody(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{"ada/publish.sh": "", "publish_bo.sh": "", "roster.csv": "", ".DS_Store": ""})
	class, err := Open(dir, handedLabs)
	if err != nil {
		t.Fatal(err)
	}
	defer class.Close()
	if want := "in no student's folder or zip, so not graded: publish_bo.sh"; class.Problems() != want || class.Submissions[0].Dir != filepath.Join(dir, "ada") {
		t.Errorf("%q, want %q", class.Problems(), want)
	}
}

// TestTarOfGit: what git archive writes before the files is none of them, so the class's
// folder is still the only one.
func TestTarOfGit(t *testing.T) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	headers := []*tar.Header{{Name: "pax_global_header", Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "a commit"}}}
	for _, name := range []string{"class-main/ada/publish.sh", "class-main/bo/publish.sh"} {
		headers = append(headers, &tar.Header{Name: name, Mode: 0o644})
	}
	for _, header := range headers {
		if err := w.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
	}
	w.Close() // into memory
	dir := t.TempDir()
	put(t, dir, map[string]string{"class.tar.gz": gzipped(out.String())})
	class, err := Open(filepath.Join(dir, "class.tar.gz"), handedLabs)
	if err != nil {
		t.Fatal(err)
	}
	defer class.Close()
	if len(class.Submissions) != 2 || class.Problems() != "" {
		t.Errorf("%+v, %q, want ada and bo", class.Submissions, class.Problems())
	}
}
