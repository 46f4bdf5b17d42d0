package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"hoplab.example/dashboards/superset"
	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/client/hive"
)

// Where the SQL of the two tables is, for errors.
const (
	filesSQL  = "dashboards/superset/files.sql"
	tablesSQL = "dashboards/superset/tables.sql"
	joinSQL   = "dashboards/superset/join.sql"
)

// SQLEngine asks the stack's SQL engine.
func (p Pipeline) SQLEngine() hive.Client { return hive.Client{Addr: p.Sites.Addr("spark", "thrift")} }

// ExportTables writes the rows that the topic holds as files, by a job of Flink's that
// ends, and makes the tables readings, over them, and activities, with the activities'
// names. Tables of these names are replaced: the SQL engine has those of the last run.
func (p Pipeline) ExportTables(ctx context.Context) error {
	if p.Shared == "" {
		return errors.New("Flink and the SQL engine share no folder here: the tables need servers that run as processes, --runtime local, or the folder of a file of addresses")
	}
	names := filepath.Join(p.files(), "activities", "activities.csv")
	err := errors.Join(os.MkdirAll(filepath.Dir(names), 0o755), os.WriteFile(names, []byte(superset.Activities), 0o644))
	if err != nil {
		return fmt.Errorf("write the activities' names: %w", err)
	}
	if err := p.exportFiles(ctx); err != nil {
		return err
	}
	tables, err := p.parse(tablesSQL, superset.Tables)
	if err != nil {
		return err
	}
	return p.SQLEngine().Exec(ctx, tables...)
}

// Join asks the SQL engine for the rows of each activity by name: their number, as
// "rows", and the means of x, y and z.
func (p Pipeline) Join(ctx context.Context) ([]hive.Row, error) {
	query, err := p.parse(joinSQL, superset.Join)
	if err != nil {
		return nil, err
	}
	return p.SQLEngine().Query(ctx, query[0])
}

// files is the run's folder of files.
func (p Pipeline) files() string { return filepath.Join(p.Shared, "files", p.Names.Index) }

func (p Pipeline) exportFiles(ctx context.Context) error {
	if err := os.RemoveAll(filepath.Join(p.files(), "readings")); err != nil {
		return err
	}
	statements, err := p.Tables()
	if err != nil {
		return err
	}
	export, err := p.tableStatements(filesSQL, superset.Files)
	if err != nil {
		return err
	}
	statements = append(statements, export...)
	for i := range statements {
		statements[i] = statements[i].WithOptions("kafka", flink.UntilNow)
	}
	job, err := p.runJob(ctx, statements, filesSQL)
	if err != nil {
		return err
	}
	return p.Flink().AwaitJob(ctx, job, nil)
}

// parse returns the statements' texts.
func (p Pipeline) parse(file, text string) (texts []string, err error) {
	statements, err := p.tableStatements(file, text)
	for _, s := range statements {
		texts = append(texts, s.Text)
	}
	return texts, err
}

func (p Pipeline) tableStatements(file, text string) ([]flink.Statement, error) {
	params := maps.Clone(p.Params())
	params["files"] = p.files()
	return flink.Parse(file, text, params)
}
