// Package feedback packs what a learning platform takes back after grading: package
// report's page of each student, in a zip, and the grades in the platform's columns.
package feedback

import (
	"archive/zip"
	"bytes"
	"fmt"
	"path"
	"strings"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/util/printable"
)

// Zip returns a zip with a page of feedback per submission, as HTML and as Markdown.
// A page has its own student's grades only, and of hidden checks the outcome alone.
// The files are named as the platform that the submission comes from wants them: with
// Moodle the zip is uploaded by 'Upload multiple feedback files in a zip', with Canvas
// by 'Re-Upload Submissions'.
func Zip(class []handin.Submission, grades report.Report) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	taken := map[string]bool{}
	for i, s := range class {
		own := report.Report{Students: grades.Students[i : i+1]}.ForStudents()
		html, err := own.HTML()
		if err != nil {
			return nil, err
		}
		markdown, err := own.Markdown()
		if err != nil {
			return nil, err
		}
		base := name(s, taken)
		for _, page := range []struct {
			ending string
			text   []byte
		}{{".html", html}, {".md", markdown}} {
			header := &zip.FileHeader{Name: base + page.ending, Method: zip.Deflate}
			header.SetMode(0o644) // Debian's unzip reads names from others than Unix in an alphabet of DOS
			f, err := w.CreateHeader(header)
			if err == nil {
				_, err = f.Write(page.text)
			}
			if err != nil {
				return nil, fmt.Errorf("write the feedback for %s: %w", s.Student, err)
			}
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// name is that of a student's page in the zip, without its ending. Moodle splits a
// name at each "_", and wants the participant's number second and the plugin after it
// (moodle/moodle, mod/assign/feedback/file/importziplib.php); Canvas takes the first
// two numbers for the user and the file that the feedback is for
// (instructure/canvas-lms, app/models/assignment.rb).
func name(s handin.Submission, taken map[string]bool) string {
	switch o := s.Origin; o.LMS {
	case handin.Moodle:
		return fmt.Sprintf("%s_%s_assignsubmission_file_feedback", strings.ReplaceAll(safe(o.Name), "_", " "), o.ID)
	case handin.Canvas:
		return fmt.Sprintf("%s_%s_%s_feedback", safe(o.Name), o.ID, o.Attachment)
	}
	folder := safe(s.Student)
	for n := 2; taken[strings.ToLower(folder)]; n++ {
		folder = fmt.Sprintf("%s-%d", safe(s.Student), n)
	}
	taken[strings.ToLower(folder)] = true
	return path.Join(folder, "feedback")
}

// safe returns a name that is a file's on each system, in the folder that it is
// unpacked in.
func safe(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, printable.Line(name))
	if name = strings.Trim(name, ". ~"); name == "" { // Moodle passes over names that begin with . or ~
		return "student"
	}
	return name
}
