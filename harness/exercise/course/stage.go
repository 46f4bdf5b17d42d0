package course

import (
	"context"
	"fmt"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/notebook"
)

// Stage is a pipeline where a lab begins.
type Stage struct {
	Params    map[string]string // what the page's parameters stand for
	Executors notebook.Executors
	run       *pageRun
}

// SQL runs statements as an sql cell of the page does, and returns what it prints. An
// error of the statements themselves is a *notebook.Failure.
func (s Stage) SQL(ctx context.Context, text string) (string, error) {
	return s.Executors[notebook.SQL].Run(ctx, notebook.Cell{Page: "sql", Kind: notebook.SQL, Code: text})
}

// Create runs those statements of a student's file that create something: not an INSERT,
// whose job would go on.
func (s Stage) Create(ctx context.Context, file, text string) error {
	statements, err := flink.Parse(file, text, s.run.Params())
	if err == nil {
		statements, err = s.run.made(statements)
	}
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if !statement.Begins("CREATE") {
			continue
		}
		if _, err := s.run.session.Run(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// Names returns the session's tables, and their columns.
func (s Stage) Names(ctx context.Context) (tables, columns []string, err error) {
	if tables, err = s.firsts(ctx, "SHOW TABLES"); err != nil {
		return nil, nil, err
	}
	for _, table := range tables {
		more, err := s.firsts(ctx, "DESCRIBE `"+table+"`")
		if err != nil {
			return tables, columns, err
		}
		columns = append(columns, more...)
	}
	return tables, columns, nil
}

// firsts returns what the first column of a statement's rows has.
func (s Stage) firsts(ctx context.Context, text string) (list []string, err error) {
	result, err := s.run.session.Run(ctx, flink.Statement{Text: text})
	if err != nil {
		return nil, err
	}
	for _, row := range result.Rows {
		list = append(list, fmt.Sprint(row[0]))
	}
	return list, nil
}

// Upto returns the page up to the cell of that name, without those cells before it that
// only read; nil where there is no such cell.
func Upto(page *notebook.Page, name string) *notebook.Page {
	short := *page
	short.Cells = nil
	for _, c := range page.Cells {
		if c.Name() == name {
			short.Cells = append(short.Cells, c)
			return &short
		}
		if !reads(c) {
			short.Cells = append(short.Cells, c)
		}
	}
	return nil
}
