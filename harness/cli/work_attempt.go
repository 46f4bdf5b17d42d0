package cli

import (
	"hoplab.example/harness/exercise/grade"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/exercise/student"
	"hoplab.example/harness/flow/pipeline"
)

// attempt is the last making of a lab's checks. 'lab watch N' shows what is saved of it.
// Its rows stay on the servers while 'lab work' waits.
type attempt struct {
	stays  bool
	remove func() error // what it has left on the servers; nil for nothing
	save   func(student.Attempt) error
	known  student.Attempt
	err    error // of saving
}

// follow has the grader say what the attempt that it begins comes to.
func (a *attempt) follow(b student.Book, id string, g *grade.Grader) {
	a.known, a.err = student.Attempt{}, nil
	a.save = func(known student.Attempt) error { return b.Note(id, known) }
	show := g.Report
	g.Begun = func(names pipeline.Names) {
		a.known.Names = names
		a.note(true)
	}
	g.Report = func(c report.Check) {
		a.known.Checks = append(a.known.Checks, c)
		a.note(true)
		if show != nil {
			show(c)
		}
	}
	if a.stays {
		g.Stays = func(remove func() error) { a.remove = remove }
	}
}

// note saves what is known.
func (a *attempt) note(running bool) {
	a.known.Running = running
	if err := a.save(a.known); a.err == nil {
		a.err = err
	}
}

// end removes what the last attempt has left. An error does no harm: names are never used
// again.
func (a *attempt) end() error {
	if a.remove != nil {
		_ = a.remove()
		a.remove = nil
	}
	return a.err
}
