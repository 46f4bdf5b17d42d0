package cli

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"hoplab.example/harness/util/chromiumtest"
	"hoplab.example/labs"
)

// moodleClass writes the zip that Moodle's 'Download all submissions' gives, of made-up
// students, and their grading worksheet, as a spreadsheet in Europe saves it.
func moodleClass(t *testing.T) (class, worksheet string) {
	t.Helper()
	_, right, err := labs.Solution("01-publish", "publish.sh")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"Ada, \"the Countess\" Lovelace_101_assignsubmission_file_/publish.sh": string(right),
		"Zuriñe Ñ_102_assignsubmission_file/01-Publish/publish.sh":             strings.ReplaceAll(string(right), "--qos 1", "--qos 0"),
		"<b>Bo | `x`_103_assignsubmission_file_/essay.pdf":                     "PDF",
		"../../Eve_104_assignsubmission_file_/publish.sh":                      string(right),
		"__MACOSX/._x": "",
	} {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	class, worksheet = filepath.Join(dir, "course-lab 1-42.zip"), filepath.Join(dir, "worksheet.csv")
	sheet := "\ufeffIdentifier;Full name;Grade;Maximum grade;Last modified (submission);Last modified (grade);Feedback comments\r\n" +
		"Participant 101;Ada, \"\"the Countess\"\" Lovelace;;100,00;Friday, 27 November 2026, 9:05 AM;-;\r\n"
	sheet = strings.Replace(sheet, "Ada, \"\"the Countess\"\" Lovelace", "\"Ada, \"\"the Countess\"\" Lovelace\"", 1) +
		"Participant 102;Zuriñe Ñ;;100,00;Saturday, 28 November 2026, 9:05 AM;-;\r\n" +
		"Participant 103;<b>Bo | `x`;;100,00;Friday, 27 November 2026, 9:05 AM;-;\r\n" +
		"Participant 105;Nobody;;100,00;-;-;\r\n"
	for path, text := range map[string]string{class: out.String(), worksheet: sheet} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return class, worksheet
}

// TestMoodleClass: a class goes in as the zip that Moodle gives, and comes back as one
// that Moodle takes, with a page per student that a browser shows.
func TestMoodleClass(t *testing.T) {
	heavy(t)
	ownRuns(t)
	class, worksheet := moodleClass(t)
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	r := runLab(t, "grade", class, "--lab", "1", "--roster", worksheet, "--due", "2026-11-27 12:00", "--late", "10%/day,max=50%", "--unsafe-sh",
		"--feedback", in("feedback.zip"), "--lms-csv", in("grades.csv"), "--csv", in("points.csv"), "--items", in("items.csv"), "--similar", in("alike.md"), "--html", in("report.html"))
	r.want(t, exitOK, "[3/3] ", "nothing was handed in by Nobody (105)", "nothing to grade was found of <b>Bo | `x` (none of the labs' files, only essay.pdf)")
	for name, want := range map[string]string{
		"points.csv": "student,id,01-publish,total,max,late,mark\n<b>Bo | `x`,103,0,0,10,,0\n\"Ada, \"\"the Countess\"\" Lovelace\",101,10,10,10,,10\nZuriñe Ñ,102,7,7,10,late by 21 h 5 min,6.3\n",
		"grades.csv": "Participant 102,Zuriñe Ñ,63.00,\"100,00\",\"Saturday, 28 November 2026, 9:05 AM\",-,\"7 of 10 points, late by 21 h 5 min, less 10 %. The file with the feedback has the reasons.\"\n",
		"items.csv":  "01-publish,qos,The broker acknowledges each message,2,3,1,1,1,0\n",
		"alike.md":   "No two answers are alike.",
	} {
		if text, err := os.ReadFile(in(name)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v\n%s\nlacks\n%s", name, err, text, want)
		}
	}
	pages := unzipped(t, in("feedback.zip"), in("feedback"))
	if len(pages) != 6 {
		t.Errorf("pages %q", pages)
	}
	lookAt(t, append(pages, in("report.html")))
}

// unzipped unpacks a zip of files without folders, and returns their paths.
func unzipped(t *testing.T, file, dir string) (paths []string) {
	t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if err := os.CopyFS(dir, archive); err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		paths = append(paths, filepath.Join(dir, f.Name))
	}
	return paths
}

// lookAt opens pages in a browser, wide and narrow.
func lookAt(t *testing.T, pages []string) {
	t.Helper()
	tab, wrong := chromiumtest.Open(t)
	for i, page := range pages {
		if filepath.Ext(page) != ".html" {
			continue
		}
		if err := chromedp.Do(tab, chromedp.Navigate((&url.URL{Scheme: "file", Path: page}).String())); err != nil {
			t.Fatal(err)
		}
		for _, width := range []int64{1280, 390} {
			chromiumtest.Show(t, tab, width, "light")
			if beyond := chromiumtest.Ask[[]string](t, tab, chromiumtest.Overflowing); len(beyond) > 0 {
				t.Errorf("%s, %d wide: beyond the window %q", page, width, beyond)
			}
		}
		text := chromiumtest.Ask[string](t, tab, "document.body.innerText")
		if filepath.Base(page) != "report.html" && (strings.Count(text, "Lovelace")+strings.Count(text, "Zuri")+strings.Count(text, "<b>Bo") != 1 || strings.Contains(text, os.TempDir())) {
			t.Errorf("%s names another student, or a folder:\n%s", page, text)
		}
		if err := os.WriteFile(filepath.Join(t.ArtifactDir(), fmt.Sprintf("page-%d.png", i)), chromiumtest.Screenshot(t, tab), 0o644); err != nil {
			t.Error(err)
		}
	}
	for _, w := range wrong() {
		t.Error(w)
	}
}
