package wisdm

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
)

// FuzzZip: of whatever archive, the files that are read are those with the
// dataset's names, as archive/zip reads them; an error names the archive, and
// nothing stays open.
func FuzzZip(f *testing.F) {
	raw := map[string]string{"raw/watch/accel/data_1600_accel_watch.txt": goodLine + "\n", "../data_1601_gyro_phone.txt": "1601,A,3,0,0,0;\n"}
	inner := zippedBytes(f, zip.Deflate, raw)
	f.Add(inner)
	f.Add(zippedBytes(f, zip.Store, map[string]string{"wisdm-dataset.zip": string(inner), "readme.txt": "x"}))
	f.Add(zippedBytes(f, zip.Deflate, map[string]string{"a/wisdm-dataset.zip": string(inner), "__MACOSX/b.zip": "x"}))
	f.Add(zippedBytes(f, zip.Store, map[string]string{"data_1600_accel_watch.txt": goodLine, "copy/data_1600_accel_watch.txt": goodLine}))
	f.Add([]byte("PK\x05\x06no archive"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list := &listing{}
		defer func() {
			if err := list.close(); err != nil {
				t.Error(err)
			}
		}()
		err := list.addZip(bytes.NewReader(data), int64(len(data)), "z.zip", true)
		if err == nil {
			err = list.arrange("z.zip")
		}
		if err != nil {
			if !strings.Contains(err.Error(), "z.zip") {
				t.Errorf("an error that names no archive: %v", err)
			}
			return
		}
		outer := contents(data)
		for _, one := range list.files {
			if !wanted(strings.TrimPrefix(one.shown, "z.zip/")) || one.subject < 0 {
				t.Errorf("%q is read: %+v", one.shown, one.about)
			}
			got := read(one.open)
			if name := strings.TrimPrefix(one.shown, "z.zip/"); slices.Contains(outer[name], got) || len(outer[name]) == 0 {
				continue // or it is an inner archive's
			}
			t.Errorf("%q has %q, archive/zip says %q", one.shown, got, outer[one.shown])
		}
	})
}

func zippedBytes(f *testing.F, method uint16, files map[string]string) []byte {
	f.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range files {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = io.WriteString(entry, text)
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	return out.Bytes()
}

// most is how much of a file is read, in bytes.
const most = 1 << 16

// read returns the beginning of a file, and the error that it ends with.
func read(open func() (io.ReadCloser, error)) string {
	in, err := open()
	if err != nil {
		return err.Error()
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, most))
	if err != nil {
		return string(text) + err.Error()
	}
	return string(text)
}

// contents are what archive/zip reads of an archive, by names, of which one can
// be there twice.
func contents(data []byte) map[string][]string {
	found := map[string][]string{}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return found
	}
	for _, entry := range archive.File {
		found[entry.Name] = append(found[entry.Name], read(entry.Open))
	}
	return found
}
