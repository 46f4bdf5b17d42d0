package report

import (
	_ "embed"
	"encoding/json"
	"math"

	"hoplab.example/harness/verify/hop"
)

// SchemaID names the JSON Schema of the JSON report. Its number goes up when a
// reader of the last one could misread the next.
const SchemaID = "urn:hoplab:grade-report:1"

//go:embed report.schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of the JSON report.
func Schema() []byte { return append([]byte(nil), schema...) }

// In the JSON, null stands for "no grade yet": no program can take a grader's fault
// for a zero. A Report can be read back from it.
type (
	jsonReport struct {
		Schema      string           `json:"$schema"`
		Graded      bool             `json:"graded"`
		Percent     *float64         `json:"percent"`
		Submissions []jsonSubmission `json:"submissions"`
	}
	jsonSubmission struct {
		Student string    `json:"student"`
		ID      string    `json:"id,omitempty"`
		Note    string    `json:"note,omitempty"`
		Late    string    `json:"late,omitempty"`
		Off     float64   `json:"off,omitempty"`
		Mark    *float64  `json:"mark,omitempty"`
		Graded  bool      `json:"graded"`
		Points  *int      `json:"points"`
		Max     int       `json:"max"`
		Percent *float64  `json:"percent"`
		Labs    []jsonLab `json:"labs"`
	}
	jsonLab struct {
		ID     string      `json:"id"`
		Title  string      `json:"title"`
		Weight int         `json:"weight,omitempty"`
		Points *int        `json:"points"`
		Max    int         `json:"max"`
		Checks []jsonCheck `json:"checks"`
	}
	jsonCheck struct {
		Check
		Points *int `json:"points"` // hides Check's
	}
)

// JSON returns the report as JSON, which Schema describes. Texts longer than
// 64 KiB are cut, and say so.
func (r Report) JSON() ([]byte, error) {
	r, err := r.ready()
	if err != nil {
		return nil, err
	}
	view := jsonReport{Schema: SchemaID, Graded: true, Submissions: []jsonSubmission{}}
	view.Percent = rounded(r.Percent())
	for _, s := range r.Students {
		view.Graded = view.Graded && s.Sound()
		view.Submissions = append(view.Submissions, s.view())
	}
	text, err := json.MarshalIndent(view, "", "  ")
	return append(text, '\n'), err
}

func (s Student) view() jsonSubmission {
	points, most := s.Points()
	view := jsonSubmission{Student: s.Name, ID: s.ID, Note: s.Note, Late: s.Late, Off: s.Off, Graded: s.Sound(), Max: most, Labs: []jsonLab{}}
	view.Points = orNull(points, s.Sound())
	view.Percent = rounded(s.Percent())
	if s.Late != "" {
		view.Mark = orNull(s.Mark(), s.Sound())
	}
	for _, l := range s.Labs {
		view.Labs = append(view.Labs, l.view())
	}
	return view
}

func (l Grade) view() jsonLab {
	points, most := l.Points()
	view := jsonLab{ID: l.ID, Title: l.Title, Weight: l.Weight, Points: orNull(points, l.Sound()), Max: most, Checks: []jsonCheck{}}
	for _, c := range l.Checks {
		for _, text := range []*string{&c.Reason, &c.Expected, &c.Actual} {
			*text = cut(*text, keptText)
		}
		view.Checks = append(view.Checks, jsonCheck{c, orNull(c.Points, c.Outcome != hop.Error)})
	}
	return view
}

func orNull[T any](value T, there bool) *T {
	if !there {
		return nil
	}
	return &value
}

// rounded takes a percentage to two places, which is all a person looks at.
func rounded(percent float64, graded bool) *float64 {
	return orNull(math.Round(percent*100)/100, graded)
}
