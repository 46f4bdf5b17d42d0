package feedback

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/verify/hop"
)

// graded returns a class whose folders have these names, each student with 3 of 4
// points, on a roster if there is one.
func graded(t *testing.T, rosterText string, names ...string) (*handin.Class, report.Report, *handin.Roster) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "tables.sql"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	class, err := handin.Open(dir, []lab.Lab{{ID: "03-flink", Files: []string{"tables.sql"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { class.Close() })
	var roster *handin.Roster
	if rosterText != "" {
		file := filepath.Join(t.TempDir(), "roster.csv")
		if err := os.WriteFile(file, []byte(rosterText), 0o644); err != nil {
			t.Fatal(err)
		}
		if roster, err = handin.ReadRoster(file); err != nil {
			t.Fatal(err)
		}
		class.Match(roster)
	}
	var grades report.Report
	for _, s := range class.Submissions {
		grades.Students = append(grades.Students, report.Student{Name: s.Student, Labs: []report.Grade{{ID: "03-flink", Title: "The topic as a table", Checks: []report.Check{
			{ID: "runs", Title: "Flink accepts the statements", Outcome: hop.Passed, Points: 3, Max: 3},
			{ID: "secret", Title: "Windows", Outcome: hop.Failed, Max: 1, Hidden: true, Reason: "the s3cret window"},
		}}}})
	}
	return class, grades, roster
}

// pages unpacks a zip of feedback.
func pages(t *testing.T, text []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := all[f.Name]; twice {
			t.Errorf("%s is in the zip twice", f.Name)
		}
		all[f.Name] = string(content)
	}
	return all
}

// moodleTakes splits a name as Moodle's import does, and returns the participant's
// number and the file's own name.
func moodleTakes(name string) (id, file string) {
	parts := strings.SplitN(name, "_", 5)
	if len(parts) < 5 || parts[2] != "assignsubmission" || parts[3] != "file" {
		return "", ""
	}
	return parts[1], parts[4]
}

// TestZip: each student's page has that student only, and a name that Moodle takes.
func TestZip(t *testing.T) {
	class, grades, _ := graded(t, "", "Ada, \"L\" Ñ_12_assignsubmission_file_", "Bo_x_7_assignsubmission_file_", "\x1b[2J_9_assignsubmission_file_")
	text, err := Zip(class.Submissions, grades)
	if err != nil {
		t.Fatal(err)
	}
	all := pages(t, text)
	if len(all) != 6 {
		t.Errorf("%d pages", len(all))
	}
	seen := map[string]bool{}
	for name, page := range all {
		id, file := moodleTakes(name)
		if (file != "feedback.html" && file != "feedback.md") || strings.ContainsAny(name, "/\x1b") {
			t.Errorf("Moodle doesn't take %q", name)
		}
		seen[id] = true
		for other, mark := range map[string]string{"12": "Ada", "7": "Bo", "9": "[2J"} {
			if strings.Contains(strings.ReplaceAll(page, "&#91;", "["), mark) != (other == id) {
				t.Errorf("%s names student %s, or doesn't name its own", name, other)
			}
		}
		if strings.Contains(page, "s3cret") || strings.Contains(page, os.TempDir()) || !strings.Contains(page, "3 of 4") {
			t.Errorf("%s:\n%s", name, page)
		}
	}
	if !seen["12"] || !seen["7"] || !seen["9"] {
		t.Errorf("pages %v", seen)
	}
}

// TestZipNames: without a platform each student gets a folder, which no other has and
// which leads nowhere.
func TestZipNames(t *testing.T) {
	taken := map[string]bool{}
	for _, c := range [][2]string{
		{"ada", "ada/feedback"}, {"Ada", "Ada-2/feedback"}, {"../../etc", "-..-etc/feedback"}, {"..", "student/feedback"}, {"a:b\\c\n", "a-b-c/feedback"},
	} {
		if got := name(handin.Submission{Student: c[0]}, taken); got != c[1] {
			t.Errorf("%q is %q, want %q", c[0], got, c[1])
		}
	}
	canvas := handin.Submission{Origin: handin.Origin{LMS: handin.Canvas, Name: "lovelaceada", ID: "5", Attachment: "77"}}
	if got := name(canvas, taken); got != "lovelaceada_5_77_feedback" {
		t.Errorf("Canvas gets %q", got)
	}
}

func rows(t *testing.T, text []byte) [][]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return all
}

// TestWorksheet: Moodle's own worksheet comes back with the grades in it, and all else
// as it was, in each language.
func TestWorksheet(t *testing.T) {
	for _, head := range []string{
		`Identifier,"Full name",Status,Grade,"Maximum grade","Last modified (grade)","Feedback comments"`,
		`ID,"Vollständiger Name",Status,Bewertung,Bestwertung,"Zuletzt geändert (Bewertung)","Feedback als Kommentar"`,
		`Identificador,"Nombre completo",Estado,Calificación,"Calificación máxima","Última modificación (calificación)","Comentarios de retroalimentación"`,
		`Identifiant,"Nom complet",Statut,Note,"Note maximale","Dernière modification (note)","Feedback par commentaires"`,
	} {
		worksheet(t, head)
	}
}

func worksheet(t *testing.T, head string) {
	t.Helper()
	sheet := head + "\n" +
		"Participant 12,\"Lovelace, Ada\",Submitted,,\"100,00\",-,\nParticipant 7,Bo,Submitted,55,100.00,\"Friday, 27 November 2026, 9:05 AM\",old\nParticipant 1,Nobody,No submission,,100.00,-,\n"
	class, grades, roster := graded(t, sheet, "Lovelace, Ada_12_assignsubmission_file_", "Bo_7_assignsubmission_file_")
	for i, s := range grades.Students {
		if s.Name == "Lovelace, Ada" {
			grades.Students[i].Late, grades.Students[i].Off = "late by 1 day", 10
		} else {
			grades.Students[i].Labs[0].Checks[0] = report.Check{ID: "runs", Outcome: hop.Error, Max: 3}
		}
	}
	text, err := CSV(class.Submissions, grades, roster, "")
	if err != nil {
		t.Fatal(err)
	}
	got := rows(t, text)
	if ada := got[1]; ada[0] != "Participant 12" || ada[3] != "67.50" || ada[5] != "-" || !strings.HasPrefix(ada[6], "3 of 4 points, late by 1 day, less 10 %") {
		t.Errorf("%q", ada)
	}
	if bo := got[2]; bo[3] != "55" || bo[6] != "There is no grade yet: a check couldn't be run." {
		t.Errorf("a grader's fault changes Bo's grade: %q", bo)
	}
	if nobody := got[3]; nobody[3] != "" || nobody[6] != "" {
		t.Errorf("%q", nobody)
	}
}

// TestCSV: without a worksheet Moodle's columns are written; Canvas's gradebook needs its
// own file.
func TestCSV(t *testing.T) {
	class, grades, _ := graded(t, "", "=Ada_12_assignsubmission_file_")
	text, err := CSV(class.Submissions, grades, nil, "")
	if err != nil || !strings.HasPrefix(string(text), "Identifier,Full name,Grade,Last modified (grade),Feedback comments\nParticipant 12,'=Ada,3.00,-,3 of 4 points.") {
		t.Errorf("%v\n%s", err, text)
	}
	class, grades, _ = graded(t, "", "ada")
	if _, err := CSV(class.Submissions, grades, nil, ""); err == nil || !strings.Contains(err.Error(), "--roster") {
		t.Errorf("%v", err)
	}
}

func TestGradebook(t *testing.T) {
	const head = "Student,ID,SIS User ID,SIS Login ID,Section,"
	const students = "\"Lovelace, Ada\",5,,al,S1,\nBo,6,,bo,S1,9\n"
	for _, c := range []struct{ book, column, at, want, bo, err string }{
		{head + "Lab 3 (991)\n    Points Possible,,,,,8\n" + students, "", "Lab 3 (991)", "6.00", "9", ""},
		{head + "Lab 3 (991),Lab 4 (992)\n" + students, "", "", "", "", "has 2 assignments: name the one to fill with --column"},
		{head + "Lab 3 (991),Lab 4 (992)\n" + students, "lab 3 (991)", "Lab 3 (991)", "3.00", "9", ""},
		{head + "Notes\n" + students, "", "hoplab", "3.00", "", ""},
	} {
		class, grades, roster := graded(t, c.book, "al")
		text, err := CSV(class.Submissions, grades, roster, c.column)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v, want %s", err, c.err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			t.Log(row)
		}
		reader := csv.NewReader(bytes.NewReader(text))
		reader.FieldsPerRecord = -1
		all, err := reader.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := -1
		for i, column := range all[0] {
			if column == c.at {
				at = i
			}
		}
		last := len(all) - 1
		if at < 0 || all[last-1][at] != c.want || all[last][at] != c.bo {
			t.Errorf("%s: %q", c.book, all)
		}
	}
}
