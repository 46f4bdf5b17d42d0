package report

import (
	"bytes"
	_ "embed"
	"html/template"

	"hoplab.example/harness/verify/hop"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Parse(pageSource))

// What the page's template shows. All text is escaped by html/template.
type (
	pageReport struct {
		Class       bool // more than one submission
		Labs        []string
		Submissions []pageSubmission
		Items       []Item // of a class, those that somebody failed
	}
	pageSubmission struct {
		Number  int // from 1; names the section, as two students could share an id
		Student string
		Note    string
		Total   string
		Sound   bool
		InLabs  []string // points by lab, in the order of pageReport.Labs
		Labs    []pageLab
	}
	pageLab struct {
		ID, Title, Points string
		Checks            []pageCheck
	}
	pageCheck struct {
		ID, Title, Outcome, Points string
		Hidden                     bool
		Parts                      []pagePart
	}
	pagePart struct {
		Name, Text string
		Pre        bool // lines and spaces count
	}
)

// HTML returns the report as one page, which asks nothing of any other address.
func (r Report) HTML() ([]byte, error) {
	r, err := r.ready()
	if err != nil {
		return nil, err
	}
	view := pageReport{Class: len(r.Students) > 1, Labs: r.labs()}
	for i, s := range r.Students {
		view.Submissions = append(view.Submissions, s.page(i+1, view.Labs))
	}
	if view.Class {
		view.Items = r.worst()
	}
	for i := range view.Labs {
		view.Labs[i] = cell(view.Labs[i])
	}
	var out bytes.Buffer
	err = page.Execute(&out, view)
	return out.Bytes(), err
}

func (s Student) page(number int, labs []string) pageSubmission {
	view := pageSubmission{Number: number, Student: cell(s.Name), Note: cell(s.Note), Total: cell(s.total()), Sound: s.Sound()}
	for _, lab := range labs {
		view.InLabs = append(view.InLabs, s.inTable(lab))
	}
	for _, l := range s.Labs {
		points, most := l.Points()
		lab := pageLab{ID: cell(l.ID), Title: cell(l.Title), Points: of(points, most, l.Sound())}
		for _, c := range l.Checks {
			lab.Checks = append(lab.Checks, c.page())
		}
		view.Labs = append(view.Labs, lab)
	}
	return view
}

func (c Check) page() pageCheck {
	view := pageCheck{
		ID: cell(c.ID), Title: cell(c.Title), Outcome: string(c.Outcome), Hidden: c.Hidden,
		Points: of(c.Points, c.Max, c.Outcome != hop.Error),
	}
	for _, part := range []pagePart{
		{"reason", c.Reason, false}, {"expected", c.Expected, true}, {"actual", c.Actual, true},
		{"why this is checked", c.Rationale, false}, {"hint", c.Hint, false},
	} {
		if part.Text != "" {
			part.Text = shown(part.Text, pageText)
			view.Parts = append(view.Parts, part)
		}
	}
	return view
}
