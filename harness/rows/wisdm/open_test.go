package wisdm

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// sample is a small dataset: two streams of two subjects among other files.
var sample = map[string]string{
	"wisdm-dataset/raw/watch/gyro/data_1601_gyro_watch.txt":      "1601,A,4,0,0,0;\n",
	"wisdm-dataset/raw/watch/gyro/data_1600_gyro_watch.txt":      "1600,A,3,0,0,0;",
	"wisdm-dataset/raw/phone/accel/data_1601_accel_phone.txt":    "1601,A,2,0,0,0;\n",
	"wisdm-dataset/raw/phone/accel/data_1600_accel_phone.txt":    "1600,A,1,0,0,0;\n",
	"wisdm-dataset/README.txt":                                   "not rows",
	"wisdm-dataset/arff_files/phone/accel/data_1600_accel.arff":  "@relation",
	"__MACOSX/wisdm-dataset/raw/watch/data_1600_gyro_watch.txt":  "\x00\x05\x16\x07",
	"wisdm-dataset/raw/watch/gyro/._data_1600_gyro_watch.txt":    "\x00\x05\x16\x07",
	"wisdm-dataset/raw/watch/gyro/data_1602_gyro_watch.txt.part": "not rows",
}

func writeFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func zipped(t *testing.T, method uint16, files map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range files {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(entry, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenShapes(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	inner := zipped(t, zip.Deflate, sample)
	wrapped := map[string]string{"wisdm-dataset.zip": inner, "readme.txt": "no rows", "__MACOSX/._wisdm-dataset.zip": "junk"}
	shapes := map[string]string{
		"folder":                 writeFolder(t, sample) + "/",
		"zip":                    writeFile(t, "z.zip", inner),
		"zip of another name":    writeFile(t, "download", inner),
		"zip in a stored zip":    writeFile(t, "s.zip", zipped(t, zip.Store, wrapped)),
		"zip in a deflated zip":  writeFile(t, "d.zip", zipped(t, zip.Deflate, wrapped)),
		"zip of paths to escape": writeFile(t, "e.zip", zipped(t, zip.Deflate, escaping())),
	}
	for name, path := range shapes {
		t.Run(name, func(t *testing.T) {
			input, err := Open(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if input.Name() != path {
				t.Errorf("its name is %q, want %q", input.Name(), path)
			}
			for range 2 { // an input can be read again
				checkSample(t, input)
			}
			left, err := os.ReadDir(temp)
			if err != nil || len(left) > 0 {
				t.Errorf("the temporary folder holds %v, %v", left, err)
			}
		})
	}
}

func escaping() map[string]string {
	files := map[string]string{}
	for name, text := range sample {
		files["../../"+name] = text
	}
	delete(files, "../../__MACOSX/wisdm-dataset/raw/watch/data_1600_gyro_watch.txt")
	return files
}

func checkSample(t *testing.T, input Input) {
	t.Helper()
	src, err := input.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer src.(io.Closer).Close()
	rows, err := drain(src)
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v; want 4", len(rows), err)
	}
	streams := []Stream{{1600, "phone", "accel"}, {1601, "phone", "accel"}, {1600, "watch", "gyro"}, {1601, "watch", "gyro"}}
	for i, row := range rows {
		if row.TS != int64(i+1) || row.Stream() != streams[i] {
			t.Errorf("row %d is %+v, want timestamp %d of %v", i, row, i+1, streams[i])
		}
	}
}

func TestOpenErrors(t *testing.T) {
	twice := map[string]string{"a/data_1600_gyro_watch.txt": "", "b/data_1600_gyro_watch.txt": ""}
	cases := map[string]struct{ path, want string }{
		"nothing there":    {"no/such/path", "name a raw file, a folder or a zip of the WISDM dataset"},
		"empty folder":     {t.TempDir(), "holds no raw file of the WISDM dataset: files named data_<subject>_<accel|gyro>_<phone|watch>.txt are looked for"},
		"other files":      {writeFolder(t, map[string]string{"rows.txt": goodLine}), "data_<subject>_"},
		"folder of a zip":  {writeFolder(t, map[string]string{"a/wisdm.zip": ""}), "it holds a/wisdm.zip: name that file instead"},
		"zip of others":    {writeFile(t, "z.zip", zipped(t, zip.Store, map[string]string{"x": ""})), "holds no raw file"},
		"twice in folder":  {writeFolder(t, twice), "holds the rows of gyro of watch, subject 1600, twice: "},
		"twice in zip":     {writeFile(t, "z.zip", zipped(t, zip.Store, twice)), "a/data_1600_gyro_watch.txt and "},
		"cut zip":          {writeFile(t, "z.zip", zipped(t, zip.Store, sample)[:900]), "the download may have been cut short"},
		"junk in a zip":    {writeFile(t, "z.zip", zipped(t, zip.Deflate, map[string]string{"wisdm.zip": "junk"})), "z.zip/wisdm.zip: zip: not a valid zip file"},
		"zip in zip in it": {writeFile(t, "z.zip", nest(t, nest(t, nest(t, "")))), "holds no raw file"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Open(c.path, Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), filepath.Base(c.path)) {
				t.Errorf("got %v\nwant %q", err, c.want)
			}
		})
	}
}

func TestDeviceAndSensor(t *testing.T) {
	cases := []struct {
		path string
		opt  Options
		want Stream
	}{
		{"data_1600_gyro_watch.txt", Options{}, Stream{1600, "watch", "gyro"}},
		{"phone/accel/data_1600_gyro_watch.txt", Options{Device: "phone"}, Stream{1600, "watch", "gyro"}},
		{"phone/accel/rows.txt", Options{Device: "watch", Sensor: "gyro"}, Stream{1600, "phone", "accel"}},
		{"gyro/rows.txt", Options{}, Stream{1600, "unknown", "gyro"}},
		{"rows.txt", Options{}, Stream{1600, "unknown", "unknown"}},
		{"rows.txt", Options{Device: "watch", Sensor: "accel"}, Stream{1600, "watch", "accel"}},
	}
	for _, c := range cases {
		input, err := Open(filepath.Join(writeFolder(t, map[string]string{c.path: goodLine}), c.path), c.opt)
		if err != nil {
			t.Fatal(err)
		}
		src, err := input.Open()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := drain(src)
		if err != nil || len(rows) != 1 || rows[0].Stream() != c.want {
			t.Errorf("%s, %+v: %+v, %v; want %v", c.path, c.opt, rows, err, c.want)
		}
	}
}

func TestFolderErrorNamesTheFile(t *testing.T) {
	folder := writeFolder(t, map[string]string{"watch/data_1600_gyro_watch.txt": goodLine + "\nbad\n"})
	input, err := Open(folder+"/", Options{})
	if err != nil {
		t.Fatal(err)
	}
	src, err := input.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = drain(src); err == nil || !strings.HasPrefix(err.Error(), folder+"/watch/data_1600_gyro_watch.txt:2:4: ") {
		t.Errorf("got %v, want the file, line 2, column 4", err)
	}
}

func TestOpenFS(t *testing.T) {
	fsys := fstest.MapFS{}
	for name, text := range sample {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	input, err := OpenFS(fsys, "the sample", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if input.Name() != "the sample" {
		t.Errorf("its name is %q", input.Name())
	}
	checkSample(t, input)
}

func TestOpenOrder(t *testing.T) {
	want := []string{
		"data_999_accel_phone.txt", "data_1600_accel_phone.txt", "data_999_gyro_phone.txt", "data_1600_gyro_phone.txt",
		"data_999_accel_watch.txt", "data_1600_accel_watch.txt", "data_999_gyro_watch.txt", "data_1600_gyro_watch.txt",
	}
	fsys := fstest.MapFS{}
	for _, name := range want {
		fsys[name] = &fstest.MapFile{}
	}
	list, err := listFS(fsys, "f")
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range list.files {
		if file.shown != "f/"+want[i] {
			t.Errorf("file %d is %s, want %s", i, file.shown, want[i])
		}
	}
}
