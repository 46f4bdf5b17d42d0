package handin

import "regexp"

// The learning platforms whose names for files are understood.
const (
	Moodle = "moodle"
	Canvas = "canvas"
)

// Origin is what the name of a folder or file says of where it comes from.
type Origin struct {
	LMS        string // Moodle, Canvas, or "" for a name that a person has given
	Name       string // the student's, as the platform writes it
	ID         string // the platform's number for the student
	Attachment string // Canvas's number for the file, which feedback must name
	Late       bool   // Canvas marks what came late
	file       string // the file's own name
}

// key is one that no other student has.
func (o Origin) key() string {
	if o.ID == "" {
		return o.Name
	}
	return o.Name + "_" + o.ID
}

var (
	// moodleName is how Moodle names what it hands out: one folder per student or, with
	// "download submissions in folders" off, each file, with its own name at the end.
	// Source: moodle/moodle, mod/assign/feedback/file/importziplib.php.
	moodleName = regexp.MustCompile(`^(.+)_([0-9]+)_assignsubmission_[a-z]+_?(.*)$`)
	// canvasName is how Canvas names each file. Source: instructure/canvas-lms,
	// app/models/assignment.rb (generate_comments_from_files), lib/content_zipper.rb.
	canvasName = regexp.MustCompile(`(?i)^(.+?)(_late)?_([0-9]+)_([0-9]+)_(.+)$`)
	// canvasAgain ends the name of a file that was handed in again: tables-1.sql.
	canvasAgain = regexp.MustCompile(`-[0-9]{1,3}(\.[^.]+)$`)
)

// originOf reads a folder's or a file's name.
func originOf(file string) Origin {
	if m := moodleName.FindStringSubmatch(file); m != nil {
		return Origin{LMS: Moodle, Name: m[1], ID: m[2], file: m[3]}
	}
	if m := canvasName.FindStringSubmatch(file); m != nil {
		return Origin{LMS: Canvas, Name: m[1], ID: m[3], Attachment: m[4], Late: m[2] != "", file: canvasAgain.ReplaceAllString(m[5], "$1")}
	}
	return Origin{Name: withoutEnding(file)}
}
