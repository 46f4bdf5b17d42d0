package wisdm

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Made by Python's zipfile: one raw file, compressed with bzip2 and with LZMA.
const (
	bzip2Zip = "UEsDBC4AAAAMAAAAIVC2ePJSNAAAABAAAAApAAAAcmF3L3dhdGNoL2FjY2VsL2RhdGFfMTYwMF9hY2NlbF93YXRjaC50eHRCWmg5MUFZJlNZHcxNqwAABlwAABAABGEIIAAgADEMANNG0hIqxO6qTvF3JFOFCQHcxNqwUEsBAi4DLgAAAAwAAAAhULZ48lI0AAAAEAAAACkAAAAAAAAAAAAAAIABAAAAAHJhdy93YXRjaC9hY2NlbC9kYXRhXzE2MDBfYWNjZWxfd2F0Y2gudHh0UEsFBgAAAAABAAEAVwAAAHsAAAAAAA=="
	lzmaZip  = "UEsDBD8AAgAOAAAAIVC2ePJSIQAAABAAAAApAAAAcmF3L3dhdGNoL2FjY2VsL2RhdGFfMTYwMF9hY2NlbF93YXRjaC50eHQJBAUAXQAAgAAAGI2CWj9S+UbGSTqMO959l6P//+F1gABQSwECPwM/AAIADgAAACFQtnjyUiEAAAAQAAAAKQAAAAAAAAAAAAAAgAEAAAAAcmF3L3dhdGNoL2FjY2VsL2RhdGFfMTYwMF9hY2NlbF93YXRjaC50eHRQSwUGAAAAAAEAAQBXAAAAaAAAAAAA"
)

func decoded(t *testing.T, text string) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func tarred(t *testing.T, files map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for name, text := range files {
		err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o644, Typeflag: tar.TypeReg})
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	io.WriteString(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// rowsAt opens path and reads all rows, twice, as an input can be.
func rowsAt(t *testing.T, path string) ([]Row, error) {
	t.Helper()
	input, err := Open(path, Options{})
	if err != nil {
		return nil, err
	}
	var rows []Row
	for range 2 {
		src, err := input.Open()
		if err != nil {
			return nil, err
		}
		if rows, err = drain(src); err != nil {
			return nil, err
		}
		for i := range rows {
			rows[i].Seq, rows[i].Time = 0, time.Time{}
		}
		if err := src.(io.Closer).Close(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func TestOpenTar(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	plain := tarred(t, sample)
	for name, text := range map[string]string{"tar": plain, "tar.gz": gzipped(t, plain)} {
		input, err := Open(writeFile(t, "wisdm.bin", text), Options{})
		if err != nil {
			t.Fatal(name, err)
		}
		for range 2 {
			checkSample(t, input)
		}
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("%s: the temporary folder holds %v, %v", name, left, err)
		}
	}
}

// TestOtherFormats are read where that is unambiguous.
func TestOtherFormats(t *testing.T) {
	const mark = "\xef\xbb\xbf"
	jogging := Row{Subject: 33, Activity: "B", TS: 49105962326000, X: -0.6946377, Y: 12.680544, Z: 0.50395286, Device: "phone", Sensor: "accel"}
	first := "33,Jogging,49105962326000,-0.6946377,12.680544,0.50395286;\n\n57,Upstairs,1,0,0,0;\n57,Downstairs,2,0,0,0;\n"
	one := Row{Subject: 1600, Activity: "A", TS: 1, Device: "watch", Sensor: "accel"}
	const name = "data_1600_accel_watch.txt"
	cases := map[string]struct {
		path string
		rows int
		want Row // the first one
	}{
		"a byte order mark":              {writeFile(t, name, mark+"1600,A,1,0,0,0;\n"), 1, one},
		"a CSV with a head":              {writeFile(t, name, "subject,activity,timestamp,x,y,z\n1600,A,1,0,0,0\n1600,A,2,0,0,0\n"), 2, one},
		"a CSV of a spreadsheet":         {writeFile(t, name, mark+"\"Subject\",\"Activity\",\"Timestamp\",\"X\",\"Y\",\"Z\"\r\n1600,A,1,0,0,0\r\n"), 1, one},
		"a head before rows that end":    {writeFile(t, name, "user,activity,timestamp,x,y,z;\n1600,A,1,0,0,0;\n"), 1, one},
		"a CSV with quotes":              {writeFile(t, name, "\"user\",\"activity\",\"timestamp\",\"x\",\"y\",\"z\"\n\"1600\",\"A\",\"1\",\"0\",\"0\",\"0\"\n"), 1, one},
		"WISDM v1.1":                     {writeFile(t, firstName, first), 3, jogging},
		"WISDM v1.1 in its tar.gz":       {writeFile(t, "WISDM_ar_latest.tar.gz", gzipped(t, tarred(t, map[string]string{"WISDM_ar_v1.1/" + firstName: first, "WISDM_ar_v1.1/WISDM_ar_v1.1_transformed.arff": "@relation"}))), 3, jogging},
		"a zip with bzip2":               {writeFile(t, "z.zip", decoded(t, bzip2Zip)), 1, one},
		"a zip with backslashes":         {writeFile(t, "z.zip", zipped(t, zip.Deflate, map[string]string{`raw\watch\accel\data_1600_accel_watch.txt`: "1600,A,1,0,0,0;"})), 1, one},
		"a zip beside one that isn't":    {writeFile(t, "z.zip", zipped(t, zip.Store, map[string]string{"a.zip": "junk", "b.zip": zipped(t, zip.Store, map[string]string{name: "1600,A,1,0,0,0;"})})), 1, one},
		"a zip and what macOS adds":      {writeFile(t, "z.zip", zipped(t, zip.Store, map[string]string{"._b.zip": "junk", "b.zip": zipped(t, zip.Store, map[string]string{name: "1600,A,1,0,0,0;"})})), 1, one},
		"a folder with a link to itself": {looped(t, name), 1, one},
	}
	for what, c := range cases {
		rows, err := rowsAt(t, c.path)
		if err != nil || len(rows) != c.rows || rows[0] != c.want {
			t.Errorf("%s: %+v, %v; want %d rows, the first one %+v", what, rows, err, c.rows, c.want)
		}
	}
}

func looped(t *testing.T, name string) string {
	folder := writeFolder(t, map[string]string{"raw/" + name: "1600,A,1,0,0,0;"})
	for link, to := range map[string]string{"again": ".", "raw/up": "..", "all": "raw", "gone": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(folder, link)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestALinkOutIsNamed: links out of the folder aren't followed, see TestLinksInAFolder.
func TestALinkOutIsNamed(t *testing.T) {
	folder := writeFolder(t, map[string]string{"readme.txt": ""})
	if err := os.Symlink(writeFolder(t, sample), filepath.Join(folder, "raw")); err != nil {
		t.Fatal(err)
	}
	if _, err := rowsAt(t, folder); err == nil || !strings.Contains(err.Error(), "raw is a link that leads out of it, or nowhere: name what it leads to") {
		t.Errorf("got %v", err)
	}
}

// TestFormatsAreNamed: what isn't read is named, with what to do.
func TestFormatsAreNamed(t *testing.T) {
	encrypted := []byte(zipped(t, zip.Store, map[string]string{"data_1600_accel_watch.txt": "x"}))
	encrypted[bytes.Index(encrypted, []byte("PK\x01\x02"))+8] |= 1
	cases := map[string]struct{ text, want string }{
		"nothing":          {"", "is empty: it holds no row"},
		"ARFF":             {"@RELATION wisdm\n", "is an ARFF file, which isn't read: name the raw file"},
		"bzip2":            {"BZh91AY&SY", "is compressed with bzip2, which isn't read: unpack it with bunzip2"},
		"7z":               {"7z\xbc\xaf\x27\x1c\x00", "is a 7z archive"},
		"an empty zip":     {zipped(t, zip.Store, nil), "is an empty zip archive"},
		"gzip of one file": {gzipped(t, strings.Repeat(goodLine+"\n", 40)), "isn't a tar archive: unpack it with gunzip"},
		"a short gzip":     {gzipped(t, goodLine+"\n"), "isn't a tar archive: unpack it with gunzip"},
		"HTML":             {"<!DOCTYPE html>\n<html>", "is an HTML page, which isn't read: download the file again"},
		"Git LFS":          {"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "is a pointer of Git LFS, which isn't read: fetch the file"},
		"Parquet":          {"PAR1\x15\x04PAR1", "is a Parquet file, which isn't read: write it as CSV"},
		"NumPy":            {"\x93NUMPY\x01\x00", "is an array of NumPy's"},
		"XML":              {"<?xml version=\"1.0\"?>", "is XML, which isn't read"},
		"tabs":             {"user\tactivity\n", "is text with tabs between its columns, which isn't read: write commas"},
		"semicolons":       {"1600;A;1;0,5;1;1\n", "is a CSV with ; between its columns"},
		"an index":         {",user,activity\n0,1600,A\n", "as pandas writes an index"},
		"old line ends":    {strings.Repeat(goodLine+"\r", 3), "whose lines end with a carriage return alone"},
		"a cut tar.gz":     {gzipped(t, tarred(t, sample))[:300], "the download may have been cut short"},
		"a tar of others":  {tarred(t, map[string]string{"x": "y"}), "holds no raw file"},
		"UTF-16":           {"\xff\xfe1\x006\x00", "is UTF-16 text, which isn't read: save it as UTF-8"},
		"a zip with LZMA":  {decoded(t, lzmaZip), "is compressed with LZMA, which isn't read: unpack the archive"},
		"an encrypted zip": {string(encrypted), "is encrypted: unpack the archive with its password"},
	}
	for what, c := range cases {
		path := writeFile(t, "rows.bin", c.text)
		if _, err := rowsAt(t, path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}
