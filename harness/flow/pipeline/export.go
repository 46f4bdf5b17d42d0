package pipeline

import (
	"context"
	"fmt"

	"hoplab.example/harness/client/flink"
)

// exportFile is of lab 4.
const exportFile = "export.sql"

// Tables returns the statements of lab 3, filled in: the topic as a table.
func (p Pipeline) Tables() ([]flink.Statement, error) { return p.FileStatements(lab3, "tables.sql") }

// Export returns the statements of lab 4, filled in: the index as a table, and
// the INSERT that fills it.
func (p Pipeline) Export() ([]flink.Statement, error) { return p.FileStatements(lab4, exportFile) }

// FileStatements returns the statements of a lab's file, filled in and with the
// stack's logins.
func (p Pipeline) FileStatements(lab, name string) ([]flink.Statement, error) {
	if p.SQL != nil {
		statements, err := p.SQL(lab, name)
		if err != nil {
			return nil, err
		}
		return p.WithLogins(statements)
	}
	label, text, err := p.read(lab, name)
	if err != nil {
		return nil, err
	}
	return p.Statements(label, string(text))
}

// WithLogins gives the tables what Flink needs to log in at Kafka and Elasticsearch.
func (p Pipeline) WithLogins(statements []flink.Statement) ([]flink.Statement, error) {
	return flink.WithLogins(statements, p.Access["kafka"], p.Access["elasticsearch"])
}

// Statements parses text as the labs' SQL: with this run's parameters filled in,
// and with what Flink needs to log in. file is its name in errors; see flink.Parse
// for them.
func (p Pipeline) Statements(file, text string) ([]flink.Statement, error) {
	statements, err := flink.Parse(file, text, p.Params())
	if err != nil {
		return nil, err
	}
	return p.WithLogins(statements)
}

// SessionConfig is what the harness's sessions set: times are shown in UTC.
func SessionConfig(more ...string) map[string]string {
	config := map[string]string{"table.local-time-zone": "UTC"}
	for i := 0; i+1 < len(more); i += 2 {
		config[more[i]] = more[i+1]
	}
	return config
}

// StartExport puts the template, makes the tables and starts the job that fills
// the index. It returns the job's id.
func (p Pipeline) StartExport(ctx context.Context) (job string, err error) {
	return p.startExport(ctx, tuning{})
}

// StartBoundedExport is StartExport with a job that ends FINISHED, once it has
// written what the topic holds at its start.
func (p Pipeline) StartBoundedExport(ctx context.Context) (job string, err error) {
	return p.startExport(ctx, tuning{source: []flink.Option{flink.UntilNow}})
}

// StartLoadExport is StartExport with a job and an index that are set for millions
// of rows.
func (p Pipeline) StartLoadExport(ctx context.Context) (job string, err error) {
	return p.startExport(ctx, loadTuning)
}

func (p Pipeline) startExport(ctx context.Context, t tuning) (job string, err error) {
	if err := p.PutTemplate(ctx); err != nil {
		return "", err
	}
	if index, err := p.Scale.index(t.index); err != nil {
		return "", err
	} else if index != nil {
		if err := p.ElasticClient().CreateIndex(ctx, p.Names.Index, index); err != nil {
			return "", err
		}
	}
	statements, err := p.Tables()
	if err != nil {
		return "", err
	}
	export, err := p.Export()
	if err != nil {
		return "", err
	}
	statements = append(statements, export...)
	for i := range statements {
		statements[i] = statements[i].WithOptions("kafka", t.source...).WithOptions("elasticsearch-7", t.sink...)
	}
	return p.runJob(ctx, statements, fmt.Sprintf("%s of lab %s", exportFile, lab4), p.Scale.session(t.session)...)
}

// runJob runs statements in a session of their own, and returns the id of the last
// job that they have started, which may be set despite an error. what is the file's
// name, for errors, and settings are pairs of name and value.
func (p Pipeline) runJob(ctx context.Context, statements []flink.Statement, what string, settings ...string) (job string, err error) {
	session, err := p.Flink().OpenSession(ctx, SessionConfig(append(settings, "pipeline.name", "export "+p.Names.Index)...))
	if err != nil {
		return "", err
	}
	defer session.Close(context.WithoutCancel(ctx))
	results, err := session.RunAll(ctx, statements)
	for _, r := range results {
		if r.JobID != "" {
			job = r.JobID
		}
	}
	if err == nil && job == "" {
		err = fmt.Errorf("%s starts no job: it lacks an INSERT INTO", what)
	}
	return job, err
}
