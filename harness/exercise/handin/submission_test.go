package handin

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
)

var handedLabs = []lab.Lab{{ID: "01-publish", Files: []string{"publish.sh"}}, {ID: "03-flink", Files: []string{"tables.sql"}}}

// put writes files into a folder; a name that ends with / is a folder's.
func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		folder := filepath.Dir(path)
		if strings.HasSuffix(name, "/") {
			folder = path
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if folder != path {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// zipped returns a zip of files, each with its name as its text.
func zipped(t *testing.T, names ...string) string { return withZeros(t, "", 0, names...) }

// withZeros is zipped, with a file of so many zeros before the others.
func withZeros(t *testing.T, long string, size int, names ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if long != "" {
		f, err := w.Create(long)
		if err == nil {
			_, err = f.Write(make([]byte, size))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(name))
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

// TestOpen: what people and learning platforms hand over is understood.
// want has each student with the labs of which a file was found, or the problem.
func TestOpen(t *testing.T) {
	const sh = "01-publish/publish.sh"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"one student", map[string]string{sh: "", "notes/": ""}, "in: 01-publish"},
		{"one student's work", map[string]string{"work/03-flink/tables.sql": ""}, "in: 03-flink"},
		{"one student's file", map[string]string{"publish.sh": ""}, "in: 01-publish"},
		{"a class", map[string]string{"bo/work/" + sh: "", "ada/03-flink/tables.sql": "", ".git/x": "", "cy/": ""}, "ada: 03-flink; bo: 01-publish; cy (there are no files that can be read)"},
		{"a student who is called work", map[string]string{"work/work/" + sh: ""}, "work: 01-publish"},
		{"Moodle", map[string]string{"Ada Lovelace_12_assignsubmission_file_/publish.sh": "", "Bo_7_assignsubmission_file/" + sh: ""}, "Ada Lovelace: 01-publish; Bo: 01-publish"},
		{"Moodle, two of a name", map[string]string{"Ada_12_assignsubmission_file_/publish.sh": "", "Ada_13_assignsubmission_file_/publish.sh": ""}, "Ada_12: 01-publish; Ada_13: 01-publish"},
		{"Moodle without folders", map[string]string{"Ada_12_assignsubmission_file_publish.sh": "x", "Ada_12_assignsubmission_file_tables.sql": "", "Bo_1_assignsubmission_file_work.zip": zipped(t, sh)},
			"Ada: 01-publish, 03-flink; Bo: 01-publish"},
		{"Canvas", map[string]string{"lovelaceada_5_77_tables-1.sql": "", "lovelaceada_5_78_publish.sh": "", "diddleybo_LATE_6_79_work.zip": zipped(t, sh)}, "diddleybo: 01-publish; lovelaceada: 01-publish, 03-flink"},
		{"a classroom of repositories", map[string]string{"lab3-ada/README.md": "", "lab3-ada/.github/x.yml": "", "lab3-ada/work/03-flink/tables.sql": "", "lab3-bo/README.md": ""},
			"lab3-ada: 03-flink; lab3-bo (none of the labs' files, only README.md)"},
		{"Moodle's text", map[string]string{"Ada_12_assignsubmission_onlinetext_/onlinetext.html": ""}, "Ada (none of the labs' files, only onlinetext.html)"},
		{"a zip in a folder", map[string]string{"ada/work.zip": zipped(t, sh)}, "ada: 01-publish"},
		{"zips", map[string]string{"ada.zip": zipped(t, sh), "Bo.ZIP": zipped(t, "x/03-flink/tables.sql")}, "Bo: 03-flink; ada: 01-publish"},
		{"a zip in a zip", map[string]string{"ada/all.zip": zipped(t, "a/b.txt", "inner/"+"i.zip")}, "ada (i.zip can't be unpacked: it is neither a zip nor a tar)"},
		{"a repository's zip", map[string]string{"ada/repo-main.zip": zipped(t, "repo-main/README.md", "repo-main/work/"+sh)}, "ada: 01-publish"},
		{"an extra folder", map[string]string{"ada/labs-2026/" + sh: ""}, "ada: 01-publish"},
		{"an extra folder in the lab's", map[string]string{"ada/01-publish/01-publish/publish.sh": ""}, "ada: 01-publish"},
		{"another case", map[string]string{"ada/01-Publish/Publish.SH": ""}, "ada: 01-publish"},
		{"a file without its folder", map[string]string{"ada/tables.sql": ""}, "ada: 03-flink"},
		{"what a Mac adds", map[string]string{"__MACOSX/ada/._x": "", ".DS_Store": "", "ada.zip": zipped(t, "__MACOSX/01-publish/._publish.sh", "__MACOSX/"+sh, sh)}, "ada: 01-publish"},
		{"backslashes", map[string]string{"ada.zip": zipped(t, `01-publish\publish.sh`)}, "ada: 01-publish"},
		{"out of the folder", map[string]string{"ada.zip": zipped(t, "../../"+sh, "/"+sh)}, "ada (there are no files that can be read)"},
		{"not a zip", map[string]string{"ada/work.zip": "PK"}, "ada (work.zip can't be unpacked: the end of the zip is missing: hand it in again)"},
		{"students' folders with numbers", map[string]string{"01-ada/" + sh: "", "02-bo/work.zip": "", "07-de-la-cruz/03-flink/tables.sql": ""},
			"01-ada: 01-publish; 02-bo (work.zip can't be unpacked: it is empty); 07-de-la-cruz: 03-flink"},
		{"another lab's folder alone", map[string]string{"04-export/export.sql": "", "05-kibana/x.ndjson": ""}, "in (none of the labs' files, only export.sql, x.ndjson)"},
		{"Kibana's name for an export", map[string]string{"Ada_12_assignsubmission_file_/answer.sql": "", "bo/03-flink/lab3.sql": "", "cy/01-publish/my.sh": ""}, "Ada: 03-flink?; bo: 03-flink?; cy: 01-publish?"},
		{"the class's folder in another", map[string]string{"lab 1/2026/ada/" + sh: "", "lab 1/2026/bo/work/" + sh: ""}, "ada: 01-publish; bo: 01-publish"},
		{"one student's, in several places", map[string]string{"ada/a/" + sh: "", "ada/b/03-flink/tables.sql": "", "ada/c.zip": zipped(t, sh)}, "ada: 01-publish, 03-flink"},
		{"a tar", map[string]string{"ada/work.tar.gz": tarred(t, gzipped, "./work/"+sh), "bo.tgz": tarred(t, gzipped, sh), "cy.tar": tarred(t, plain, "tables.sql"), "di/work.zip": tarred(t, gzipped, sh)},
			"ada: 01-publish; bo: 01-publish; cy: 03-flink; di: 01-publish"},
		{"a tar that leads elsewhere", map[string]string{"ada.tgz": tarred(t, gzipped, "../../"+sh, "/"+sh, "link>"+sh)}, "ada (there are no files that can be read)"},
		{"half a tar", map[string]string{"ada.tgz": tarred(t, gzipped, sh)[:60]}, "ada (ada.tgz can't be unpacked: its end is missing, or it isn't a tar: hand it in again)"},
		{"other archives", map[string]string{"ada/work.rar": "Rar!\x1a\x07", "bo.7z": "7z\xbc\xaf\x27\x1c", "cy/work.zip": "Rar!\x1a\x07", "di/work.zip": "<!DOCTYPE html>", "ed.gz": gzipped(strings.Repeat("text", 500))},
			"ada (work.rar can't be unpacked: it is a RAR archive, which isn't read: hand in a zip, or the files); " +
				"bo (bo.7z can't be unpacked: it is a 7z archive, which isn't read: hand in a zip, or the files); " +
				"cy (work.zip can't be unpacked: it is a RAR archive, which isn't read: hand in a zip, or the files); " +
				"di (work.zip can't be unpacked: it is a web page, such as one that asks for a login, which isn't read: hand in a zip, or the files); " +
				"ed (ed.gz can't be unpacked: what is compressed in it isn't a tar)"},
		{"archives without an ending", map[string]string{"ada/work": zipped(t, sh), "bo/answer": "Rar!\x1a\x07", "cy/publish.sh": "PK\x03\x04", "cy/notes": "P", "di/work": "\x28\xb5\x2f\xfd"},
			"ada: 01-publish; bo (answer can't be unpacked: it is a RAR archive, which isn't read: hand in a zip, or the files); cy: 01-publish; " +
				"di (work can't be unpacked: it is compressed with zstd, which isn't read: hand in a zip, or the files)"},
		{"a password", map[string]string{"ada.zip": locked(t, sh)}, "ada (ada.zip can't be unpacked: it is locked with a password: hand it in without)"},
		{"nine folders down", map[string]string{"ada/a/b/c/d/e/f/g/h/" + sh: ""}, "ada: 01-publish"},
		{"another document", map[string]string{"ada/a.docx": "", "ada/b.pdf": "", "ada/c": "", "ada/d": ""}, "ada (none of the labs' files, only a.docx, b.pdf, c, ...)"},
		{"an empty folder of a lab", map[string]string{"ada/01-publish/": ""}, "ada (there are no files that can be read)"},
		{"another lab", map[string]string{"ada/04-export/export.sql": ""}, "ada (none of the labs' files, only export.sql)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			put(t, "in", c.files)
			class, err := Open("in", handedLabs)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range class.Submissions {
				got = append(got, s.Student+told(t, s))
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("%s; want %s", strings.Join(got, "; "), c.want)
			}
			unpacked := class.unpacked
			if err := class.Close(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(unpacked); unpacked != "" && err == nil {
				t.Errorf("%s is left", unpacked)
			}
		})
	}
}

// told says of which labs a submission has the file.
func told(t *testing.T, s Submission) string {
	t.Helper()
	var read []string
	for _, l := range handedLabs {
		names := func(e fs.DirEntry) bool { return strings.EqualFold(e.Name(), l.Files[0]) }
		if files := list(s.Folder(l.ID)); slices.ContainsFunc(files, names) {
			read = append(read, l.ID)
		} else if len(files) == 1 && l.Meant([]string{files[0].Name()}, l.Files[0]) != "" {
			read = append(read, l.ID+"?") // by its ending
		}
	}
	if (len(read) == 0) != (s.Problem != "") {
		t.Errorf("%s: read %q, and the problem is %q", s.Student, read, s.Problem)
	}
	if s.Problem != "" {
		return fmt.Sprintf(" (%s)", s.Problem)
	}
	return ": " + strings.Join(read, ", ")
}

// TestWorkComesFirst: what 'lab work' made counts, and not a copy beside it.
func TestWorkComesFirst(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{"ada/backup/03-flink/tables.sql": "", "ada/work/03-flink/tables.sql": "", "ada/03-flink.20260101/tables.sql": "", "ada/01-publish/": "", "ada/x/publish.sh": ""})
	class, err := Open(dir, handedLabs)
	if err != nil {
		t.Fatal(err)
	}
	ada := class.Submissions[0]
	if ada.Folder("03-flink") != filepath.Join(dir, "ada/work/03-flink") || ada.Folder("01-publish") != filepath.Join(dir, "ada/x") || ada.Folder("07-x") != filepath.Join(dir, "ada/07-x") {
		t.Errorf("%+v", ada)
	}
}

// TestZipBomb: what unpacks to more than a student's files ever are is refused.
func TestZipBomb(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{"ada/bomb.zip": withZeros(t, "01-publish/publish.sh", studentBytes+1), "bo/publish.sh": ""})
	class, err := Open(dir, handedLabs)
	if err != nil {
		t.Fatal(err)
	}
	defer class.Close()
	if want := "nothing to grade was found of ada (bomb.zip can't be unpacked: it unpacks to more than the 64 MiB that are allowed)"; class.Problems() != want {
		t.Errorf("%q, want %q", class.Problems(), want)
	}
}

func TestNoLinkIsASubmission(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/", filepath.Join(dir, "eve")); err != nil {
		t.Fatal(err)
	}
	class := t.TempDir()
	put(t, class, map[string]string{"bo/work/03-flink/tables.sql": "", "eve/": "", "mallory/": ""})
	if err := errors.Join(os.Symlink("../bo/work", filepath.Join(class, "eve/work")), os.Symlink("../bo/work/03-flink", filepath.Join(class, "mallory/03-flink"))); err != nil {
		t.Fatal(err)
	}
	got, err := Open(class, handedLabs)
	if err != nil || len(got.Submissions) != 3 || got.Submissions[1].Dir != filepath.Join(class, "eve") || got.Submissions[1].Problem == "" {
		t.Fatalf("%+v, %v; want that eve's is not bo's", got, err)
	}
	if dir := got.Submissions[2].Folder("03-flink"); dir != filepath.Join(class, "mallory/03-flink") { // the check of the lab says that it is a link
		t.Errorf("mallory's is %s", dir)
	}
	var empty *EmptyError
	if got, err := Open(dir, handedLabs); !errors.As(err, &empty) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := Open(filepath.Join(dir, "absent"), handedLabs); err == nil {
		t.Error("a folder that isn't there was accepted")
	}
}

// TestZipOfAClass: the zip that a platform hands out is read as it is.
func TestZipOfAClass(t *testing.T) {
	const sh = "01-publish/publish.sh"
	for _, c := range []struct {
		name  string
		files []string
		want  string
	}{
		{"Moodle's", []string{"Ada, \"L\" Ñ_12_assignsubmission_file_/publish.sh", "Bo_7_assignsubmission_file_/" + sh}, `Ada, "L" Ñ: 01-publish; Bo: 01-publish`},
		{"Moodle's, of one student", []string{"Ada_12_assignsubmission_file_/publish.sh"}, "Ada: 01-publish"},
		{"Canvas's", []string{"lovelaceada_5_77_publish.sh", "diddleybo_LATE_6_79_tables-2.sql"}, "diddleybo: 03-flink; lovelaceada: 01-publish"},
		{"with the class's folder", []string{"class/ada/" + sh, "class/bo/" + sh}, "ada: 01-publish; bo: 01-publish"},
		{"in folders", []string{"a/b/c/ada/" + sh, "a/b/c/bo/" + sh, "a/.DS_Store"}, "ada: 01-publish; bo: 01-publish"},
		{"one student's, in folders", []string{"a/b/ada/" + sh}, "a: 01-publish"},
		{"one student's", []string{sh}, "class: 01-publish"},
		{"one student's, with the folder", []string{"ada/" + sh}, "ada: 01-publish"},
		{"escape sequences", []string{"\x1b[2J_3_assignsubmission_file_/publish.sh"}, "\x1b[2J: 01-publish"},
		{"out of the folder", []string{"../../eve/" + sh, "/etc/eve/" + sh, "ada/" + sh}, "ada: 01-publish"},
		{"out of the folder, as Windows writes it", []string{`..\..\eve\01-publish\publish.sh`, `\\host\eve\01-publish\publish.sh`, `ada\01-publish\publish.sh`, `ada\`}, "ada: 01-publish"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			put(t, ".", map[string]string{"class.zip": zipped(t, c.files...)})
			class, err := Open("class.zip", handedLabs)
			if err != nil {
				t.Fatal(err)
			}
			defer class.Close()
			var got []string
			for _, s := range class.Submissions {
				got = append(got, s.Student+told(t, s))
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("%s; want %s", strings.Join(got, "; "), c.want)
			}
		})
	}
	t.Chdir(t.TempDir())
	put(t, ".", map[string]string{"class.zip": "PK", "empty.zip": zipped(t)})
	if _, err := Open("class.zip", handedLabs); err == nil || !strings.Contains(err.Error(), "unpack class.zip: the end of the zip is missing") {
		t.Errorf("%v", err)
	}
	if _, err := Open("empty.zip", handedLabs); err == nil || !strings.Contains(err.Error(), "empty.zip holds no student's files") {
		t.Errorf("%v", err)
	}
}

// TestHas: a lab was handed in where anybody has a file of it.
func TestHas(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{"ada/03-flink/tables.sql": "", "bob/03-flink/tables.sql": ""})
	class, err := Open(dir, handedLabs)
	if err != nil {
		t.Fatal(err)
	}
	defer class.Close()
	if !class.Has("03-flink") || class.Has("01-publish") {
		t.Errorf("03-flink: %v, want true; 01-publish: %v, want false", class.Has("03-flink"), class.Has("01-publish"))
	}
}
