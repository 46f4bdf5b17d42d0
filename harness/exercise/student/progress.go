package student

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/util/atomicfile"
	"hoplab.example/harness/util/printable"
	"hoplab.example/harness/verify/hop"
)

// progressFile is in the student's folder.
const progressFile = "progress.json"

// keptReason is how much of a reason is kept, in bytes, to choose hints by.
const keptReason = 4 << 10

// Progress is how far a student has come, by lab.
type Progress map[string]Standing

// Standing is how far a student has come with one lab.
type Standing struct {
	Best   int            `json:"best"`            // the most points so far
	Solved time.Time      `json:"solved,omitzero"` // when all checks first passed
	Hints  map[string]int `json:"hints,omitempty"` // how many were given, by check and symptom
	// Failing is the check that the last run failed first, "" for none, and Reason why.
	Failing string `json:"failing,omitempty"`
	Reason  string `json:"reason,omitempty"`
	// Attempt is the last making of the checks, nil for none.
	Attempt *Attempt `json:"attempt,omitempty"`
}

// Attempt is one making of a lab's checks.
type Attempt struct {
	Names   pipeline.Names `json:"names"`   // on the servers, as long as it is there
	Running bool           `json:"running"` // it makes the check after Checks
	Checks  []report.Check `json:"checks"`  // those that were made
}

// Progress reads the file. Without one it returns an empty Progress.
func (b Book) Progress() (Progress, error) {
	p := Progress{}
	path := filepath.Join(b.Dir, progressFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		return nil, fmt.Errorf("read your progress in %s (remove that file to begin again; your work stays): %w", path, err)
	}
	return p, nil
}

// Record saves the results of a lab's checks.
func (b Book) Record(result report.Grade, now time.Time) error {
	return b.change(result.ID, func(l *Standing) {
		points, most := result.Points()
		l.Best, l.Failing, l.Reason = max(l.Best, points), "", ""
		for _, c := range result.Checks {
			if c.Outcome != hop.Passed {
				l.Failing, l.Reason = c.ID, printable.Clip(c.Reason, keptReason)
				break
			}
		}
		if points == most && l.Failing == "" && l.Solved.IsZero() {
			l.Solved = now
		}
	})
}

// Note saves what is known of the attempt at a lab that is being made or was made last.
func (b Book) Note(id string, a Attempt) error {
	a.Checks = slices.Clone(a.Checks)
	for i := range a.Checks {
		c := &a.Checks[i]
		for _, text := range []*string{&c.Reason, &c.Expected, &c.Actual} {
			*text = printable.Clip(*text, keptReason)
		}
	}
	return b.change(id, func(l *Standing) { l.Attempt = &a })
}

// Hint gives the next hint for the check that failed last, and how many more
// there are. After the last hint it gives that one again.
func (b Book) Hint(l lab.Lab) (check lab.Check, hint string, left int, err error) {
	return b.hint(l, 1)
}

// LastHint gives the hint again that Hint gave last for this failure, or else the first.
func (b Book) LastHint(l lab.Lab) (hint string, left int, err error) {
	_, hint, left, err = b.hint(l, 0)
	return hint, left, err
}

// hint gives the hint that is so many after the one that was given last.
func (b Book) hint(l lab.Lab, after int) (check lab.Check, hint string, left int, err error) {
	p, err := b.Progress()
	if err != nil {
		return check, "", 0, err
	}
	for _, check = range l.Checks {
		name, hints := check.HintsFor(p[l.ID].Reason)
		if check.ID == p[l.ID].Failing && len(hints) > 0 {
			i := min(max(p[l.ID].Hints[name]-1+after, 0), len(hints)-1)
			if p[l.ID].Hints[name] == i+1 {
				return check, l.Personal(hints[i], b.Name), len(hints) - i - 1, nil
			}
			err = b.change(l.ID, func(l *Standing) {
				if l.Hints == nil {
					l.Hints = map[string]int{}
				}
				l.Hints[name] = i + 1
			})
			return check, l.Personal(hints[i], b.Name), len(hints) - i - 1, err
		}
	}
	return lab.Check{}, "", 0, nil
}

// change rewrites the file as a whole.
func (b Book) change(lab string, edit func(*Standing)) error {
	p, err := b.Progress()
	if err != nil {
		return err
	}
	l := p[lab]
	edit(&l)
	p[lab] = l
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(b.Dir, progressFile)
	if err := atomicfile.Write(path, append(text, '\n')); err != nil {
		return fmt.Errorf("save your progress: %w", err)
	}
	return nil
}
