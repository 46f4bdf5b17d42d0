package pipeline

import "hoplab.example/labs"

// Files reads a file of a lab, such as tables.sql of 03-flink. label is its name in
// errors.
type Files func(lab, name string) (label string, text []byte, err error)

// Folder of each lab that has a part in the pipeline.
const (
	lab2 = "02-bridge"
	lab3 = "03-flink"
	lab4 = "04-export"
)

// read returns a file of a lab: the student's, in a student's run.
func (p Pipeline) read(lab, name string) (label string, text []byte, err error) {
	if p.Files == nil {
		return labs.Solution(lab, name)
	}
	return p.Files(lab, name)
}

// filled returns a file that isn't SQL, with its parameters filled in.
func (p Pipeline) filled(lab, name string) (label, text string, err error) {
	label, raw, err := p.read(lab, name)
	if err != nil {
		return label, "", err
	}
	text, err = p.Fill(label, string(raw))
	return label, text, err
}

// Fill fills this run's parameters into a text that isn't SQL. file is its name in
// errors.
func (p Pipeline) Fill(file, text string) (string, error) { return fill(file, text, p.Params()) }
